# fish completion for passo: the program itself knows what can stand where.
function __passo_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] ---complete $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case \t'files'
                __fish_complete_path "$current"
            case \t'folders'
                __fish_complete_directories "$current" ''
            case '*'
                echo $line
        end
    end
end
complete -c passo -k -f -a '(__passo_complete)'
