# SPDX-License-Identifier: MIT
"""Chat templates for `compare_templates.py`, written for it: the marks are those of well-known
families, the ways to put them are as many as the language has. Templates of real models come with
their folders, by `--folder`."""

SHAPES = {
    # A mark before and behind each message; how whitespace is kept inside the statements.
    "turns": (
        "{%- for m in messages -%}\n"
        "  {{- '<|im_start|>' ~ m.role ~ '\\n' ~ m.content ~ '<|im_end|>\\n' -}}\n"
        "{%- endfor -%}\n"
        "{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif -%}"
    ),
    # Instructions in brackets; the system's message goes into the first of them.
    "brackets": (
        "{% set has_system = messages and messages[0].role == 'system' %}"
        "{% set turns = messages[1:] if has_system else messages %}"
        "{% for turn in turns %}"
        "{% if loop.index0 is odd and turn.role != 'assistant' or loop.index0 is even and turn.role == 'assistant' %}"
        "{{ raise_exception('turns must alternate, ' ~ loop.index ~ ' does not') }}{% endif %}"
        "{% if turn['role'] == 'assistant' %} {{ turn['content'].strip() }} {{ eos_token }}"
        "{% else %}{{ bos_token }}[INST] {% if loop.first and has_system %}"
        "{{ '<<SYS>>\\n%s\\n<</SYS>>\\n\\n' | replace('%s', messages[0].content | trim) }}{% endif %}"
        "{{ turn['content'] | trim }} [/INST]{% endif %}{% endfor %}"
    ),
    # Headers, with the date if the reader has a clock, and the tools as indented JSON.
    "headers": """{#- first the system, whether it speaks or not -#}
{{- bos_token -}}
{%- macro header(role) -%}
{{ '<|start_header_id|>' }}{{ role }}{{ '<|end_header_id|>\\n\\n' }}
{%- endmacro -%}
{%- set day = '1 Jan 2026' if day is not defined else day %}
{%- set rest = messages %}
{{- header('system') }}Today: {{ day }}
{%- if messages[0].role == 'system' %}
    {%- set rest = messages[1:] %}
    {{- '\\n' ~ (messages[0].content | trim) }}
{%- endif %}
{%- if tools %}
    {{- '\\nTools:\\n' }}
    {%- for tool in tools %}{{ tool | tojson(indent=2) }}{{ '\\n' if not loop.last }}{% endfor %}
{%- endif %}
{{- '<|eot_id|>' }}
{%- for m in rest %}
    {%- if m.tool_calls is defined and m.tool_calls %}
        {%- if m.tool_calls | length > 1 %}{{ raise_exception('one call at a time') }}{% endif %}
        {%- set call = (m.tool_calls | first).function %}
        {{- header('assistant') }}{{ {'name': call.name, 'arguments': call.arguments} | tojson }}
    {%- elif m.role in ['tool', 'ipython'] %}
        {{- header('ipython') }}
        {{- m.content if m.content is string else m.content | tojson }}
    {%- else %}
        {{- header(m.role) ~ (m.content | trim) }}
    {%- endif %}
    {{- '<|eot_id|>' }}
{%- endfor %}
{{- header('assistant') if add_generation_prompt else '' }}
""",
    # Lines between statements stay, as where nobody has put a minus.
    "lines": """{% for m in messages %}
{% if m['role'] == 'user' %}
<|user|>
{{ m['content'] + eos_token }}
{% elif m['role'] == 'system' %}
<|system|>
{{ m['content'] + eos_token }}
{% else %}
<|{{ m['role'] }}|>
{{ m['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
<|assistant|>
{% endif %}
{% endfor %}""",
    # The system's message begins the first turn of the user; contents may be in parts.
    "prefix": """{{ bos_token }}
{%- set state = namespace(prefix='') -%}
{%- for m in messages -%}
    {%- set said -%}
        {%- if m.content is string -%}{{ m.content }}
        {%- elif m.content is iterable -%}
            {%- for part in m.content -%}
                {%- if part.type == 'text' -%}{{ part.text | trim }}{%- else -%}<{{ part.type }}>{%- endif -%}
            {%- endfor -%}
        {%- else -%}{{ raise_exception('no content') }}{%- endif -%}
    {%- endset -%}
    {%- if m.role == 'system' -%}
        {%- set state.prefix = said ~ '\\n\\n' -%}
    {%- else -%}
        {{ '<start_of_turn>' ~ {'assistant': 'model'}.get(m.role, m.role) }}
        {{- '\\n' ~ state.prefix ~ said | trim ~ '<end_of_turn>\\n' }}
        {%- set state.prefix = '' -%}
    {%- endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}<start_of_turn>model{{ '\\n' }}{%- endif -%}
""",
    # Tools as lines of JSON, answers of neighbouring tools under one mark.
    "tools": """{%- if tools %}
    {{- '<|im_start|>system\\n<tools>' }}
    {%- for tool in tools %}{{ '\\n' }}{{ tool.function | tojson }}{% endfor %}
    {{- '\\n</tools><|im_end|>\\n' }}
{%- endif %}
{%- for m in messages %}
    {%- set before = messages[loop.index0 - 1].role if not loop.first else none %}
    {%- set after = loop.nextitem.role if loop.nextitem is defined else none %}
    {%- if m.role == 'tool' %}
        {{- '<|im_start|>user' if before != 'tool' }}
        {{- '\\n<tool_response>\\n' ~ m.content ~ '\\n</tool_response>' }}
        {{- '<|im_end|>\\n' if after != 'tool' }}
    {%- else %}
        {{- '<|im_start|>' ~ m.role ~ ('\\n' ~ m.content if m.content else '') }}
        {%- for call in m.tool_calls or [] %}
            {{- '\\n<tool_call>' ~ ({'name': call.function.name, 'arguments': call.function.arguments} | tojson) }}
            {{- '</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{{- '<|im_start|>assistant\\n' if add_generation_prompt }}
""",
    # What was thought stays only behind the last question.
    "thoughts": """{%- set seen = namespace(last=-1) %}
{%- for m in messages | reverse %}
    {%- if seen.last < 0 and m.role == 'user' %}
        {%- set seen.last = messages | length - loop.index %}
    {%- endif %}
{%- endfor %}
{%- for m in messages %}
    {%- set answer = m.content if m.content is string else '' %}
    {%- set thought = '' %}
    {%- if m.role == 'assistant' and '</think>' in answer %}
        {%- set parts = answer.split('</think>', 1) %}
        {%- set thought = parts[0].split('<think>')[-1].strip('\\n') %}
        {%- set answer = parts[-1].lstrip('\\n') %}
    {%- endif %}
    {{- '<|' ~ m.role ~ '|>\\n' }}
    {%- if thought and loop.index0 >= seen.last %}{{ '<think>' ~ thought ~ '</think>\\n' }}{% endif %}
    {{- answer.rstrip() ~ '<|end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>\\n' }}
    {%- if thinking is defined and not thinking %}{{ '<think></think>' }}{% endif %}
{%- endif %}
""",
    # Headings of prose, chosen by filters.
    "headings": (
        "{%- set systems = messages | selectattr('role', 'equalto', 'system') | map(attribute='content') | list -%}"
        "{{ systems | join('\\n') | trim }}\n\n"
        "{% for m in messages | rejectattr('role', 'equalto', 'system') | list %}"
        "### {{ {'user': 'Instruction', 'assistant': 'Response'}[m.role] | default('Other') }}:\n"
        "{{ m.content if m.content is string else m.content | length }}\n"
        "{{ '\\n' if not loop.last -}}"
        "{% endfor %}{% if add_generation_prompt %}### Response:\n{% endif %}"
    ),
    "names": (
        "{%- for m in messages if m.role != 'system' -%}"
        "{{ (m.role | upper)[:9] ~ ': ' ~ m.content }}{{ eos_token if m.role == 'assistant' else ' ' }}"
        "{%- else -%}nobody has said anything{%- endfor -%}{{ 'ASSISTANT:' if add_generation_prompt }}"
    ),
    "macros": """{%- macro text(content, mark='') -%}
    {%- if content is string -%}{{ mark ~ content }}{%- else -%}
        {%- for part in content if part.type == 'text' -%}{{ mark }}{{ part.text }}{{ ', ' if not loop.last }}{%- else -%}none{%- endfor -%}
    {%- endif -%}
{%- endmacro -%}
{% for message in messages %}
  {%+ if loop.first %}[first]{% endif +%}
    {# a comment #}
{{ message.role | upper | replace('U', 'u') }}: {{ text(message.content) }} {{ text(message.content, mark='* ') | length }}
  {%- if loop.index is even %} {{ loop.revindex }}/{{ loop.length }}{% endif %}
{% endfor %}
{% generation %}x{% endgeneration %}{% raw %}{{ raw }}{% endraw %}
{% set joined %}{% for m in messages %}{{ m.role[0] }}{% endfor %}{% endset %}{{ joined }}""",
}

TOOL = {"type": "function", "function": {
    "name": "meteo", "description": "dà il <tempo>",
    "parameters": {"type": "object", "properties": {"città": {"type": "string"}}, "required": ["città"]},
}}
CALL = {"type": "function", "function": {"name": "meteo", "arguments": {"città": "Roma", "n": 1.5, "x": None}}}

CHATS = [
    [{"role": "user", "content": "Ciao, come stai?"}],
    [{"role": "system", "content": " Sei un gatto.\n"}, {"role": "user", "content": "Chi sei?  "}],
    [{"role": "user", "content": "Uno"}, {"role": "assistant", "content": "<think>\nmah\n</think>\n\nDue"},
     {"role": "user", "content": "Tre è 'tre' e \"perché\"? 👩‍👧"}],
    [{"role": "system", "content": ""}, {"role": "user", "content": ""}, {"role": "assistant", "content": "\n\n x \t"},
     {"role": "user", "content": "{{ no }} {% if %}"}, {"role": "assistant", "content": "fine"}],
    [{"role": "user", "content": [{"type": "text", "text": "parti"}, {"type": "image"}]}],
    {"messages": [{"role": "user", "content": "che tempo fa?"},
                  {"role": "assistant", "content": "", "tool_calls": [CALL]},
                  {"role": "tool", "content": "{\"t\": 20}"}, {"role": "tool", "content": "sole"}],
     "tools": [TOOL]},
]
