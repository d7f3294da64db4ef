#compdef passo
# zsh completion for passo: the program itself knows what can stand where.
_passo() {
  local line paths=""
  local -a candidates
  while IFS= read -r line; do
    case $line in
      ($'\t'*) paths=${line#$'\t'} ;;
      (*$'\t'*) candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      (*) candidates+=("${line//:/\\:}") ;;
    esac
  done < <("${words[1]}" ---complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe -V passo candidates
  # What stands before the sign is not a part of the path.
  [[ -n $paths ]] && compset -P '--[a-z0-9-]#='
  case $paths in
    (files) _files ;;
    (folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _passo ]]; then _passo "$@"; else compdef _passo passo; fi
