# SPDX-License-Identifier: MIT
"""Chat templates: the text that Passo makes, against `transformers` (jinja2 in its sandbox).

    python3 Tests/Interop/compare_templates.py --passo .build/release/passo [--fuzz 1500] [--seed 1]

Templates of the usual shapes (ChatML, Llama 2 and 3, Mistral, Zephyr, Phi-3, Gemma, Qwen, DeepSeek,
Alpaca, Vicuna, with tools), each with several chats; then templates put together at random from
what the language has. Of the random ones Passo may refuse what it does not read, by name; how many
is printed. Folders given by `--folder` are compared too. Exit status 1 if any text differs.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from transformers.utils.chat_template_utils import _compile_jinja_template

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}

TEMPLATES = {
    "chatml": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "llama2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "llama3": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}",
    "llama3.2": """{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not tools_in_user_message is defined %}
    {%- set tools_in_user_message = true %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{#- This block extracts the system message. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and not tools_in_user_message %}
    {{- "You have access to the following functions.\\n" }}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- if tools_in_user_message and not tools is none %}
    {%- if messages | length != 0 %}
        {%- set first_user_message = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("Cannot put tools in the first user message when there's no first user message!") }}
    {%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
    {{- first_user_message + "<|eot_id|>"}}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '{"name": "' + tool_call.name + '", "parameters": ' }}{{- tool_call.arguments | tojson }}{{- "}" }}
    {%- elif message.role == "tool" or message.role == "ipython" %}
        {%- if message.content is mapping or message.content is iterable %}
            {{- message.content | tojson }}
        {%- else %}
            {{- message.content }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "mistral": "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "phi3": "{% for message in messages %}{% if message['role'] == 'system' and message['content'] %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
    "gemma": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}",
    "gemma3": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '
' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}
            {%- if item['type'] == 'image' -%}
                {{ '<start_of_image>' }}
            {%- elif item['type'] == 'text' -%}
                {{ item['text'] | trim }}
            {%- endif -%}
        {%- endfor -%}
    {%- else -%}
        {{ raise_exception("Invalid content type") }}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
""",
    "qwen2.5": """{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0]['role'] == 'system' %}
        {{- messages[0]['content'] }}
    {%- else %}
        {{- 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.' }}
    {%- endif %}
    {{- "\\n\\n# Tools\\n\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0]['role'] == 'system' %}
        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
    {%- else %}
        {{- '<|im_start|>system\\nYou are Qwen.<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}
            {{- '\\n' + message.content }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' }}
            {{- tool_call.name }}
            {{- '", "arguments": ' }}
            {{- tool_call.arguments | tojson }}
            {{- '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
            {{- '<|im_start|>user' }}
        {%- endif %}
        {{- '\\n<tool_response>\\n' }}
        {{- message.content }}
        {{- '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "qwen3": """{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}
        {%- set content = message.content %}
    {%- else %}
        {%- set content = '' %}
    {%- endif %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set reasoning_content = '' %}
        {%- if message.reasoning_content is string %}
            {%- set reasoning_content = message.reasoning_content %}
        {%- else %}
            {%- if '</think>' in content %}
                {%- set reasoning_content = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
                {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
            {%- endif %}
        {%- endif %}
        {%- if loop.index0 > ns.last_query_index %}
            {%- if loop.last or (not loop.last and reasoning_content) %}
                {{- '<|im_start|>' + message.role + '\\n<think>\\n' + reasoning_content.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
            {%- else %}
                {{- '<|im_start|>' + message.role + '\\n' + content }}
            {%- endif %}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
""",
    "deepseek": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% set ns = namespace(is_first=false, is_tool=false, system_prompt='') %}{%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system_prompt = message['content'] %}{%- endif %}{%- endfor %}{{bos_token}}{{ns.system_prompt}}{%- for message in messages %}{%- if message['role'] == 'user' %}{%- set ns.is_tool = false -%}{{'<｜User｜>' + message['content']}}{%- endif %}{%- if message['role'] == 'assistant' and message['content'] is not none %}{%- if ns.is_tool %}{{'<｜tool▁outputs▁end｜>' + message['content'] + '<｜end▁of▁sentence｜>'}}{%- set ns.is_tool = false -%}{%- else %}{% set content = message['content'] %}{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}{{'<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>'}}{%- endif %}{%- endif %}{%- endfor -%}{% if ns.is_tool %}{{'<｜tool▁outputs▁end｜>'}}{% endif %}{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜>'}}{% endif %}",
    "alpaca": "{{ (messages|selectattr('role', 'equalto', 'system')|list|last).content|trim if (messages|selectattr('role', 'equalto', 'system')|list) else '' }}\n\n{% for message in messages %}\n{% if message['role'] == 'user' %}\n### Instruction:\n{{ message['content']|trim -}}\n{% if not loop.last %}\n\n\n{% endif %}\n{% elif message['role'] == 'assistant' %}\n### Response:\n{{ message['content']|trim -}}\n{% if not loop.last %}\n\n\n{% endif %}\n{% endif %}\n{% endfor %}\n{% if add_generation_prompt and messages[-1]['role'] != 'assistant' %}\n### Response:\n{% endif %}",
    "vicuna": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = 'A chat between a curious user and an artificial intelligence assistant.' %}{% endif %}{{ system_message|trim }}{% for message in loop_messages %}{{ '\n' if loop.first }}{% if message['role'] == 'user' %}{{ 'USER: ' + message['content']|trim + '\n' }}{% elif message['role'] == 'assistant' %}{{ 'ASSISTANT: ' + message['content']|trim + eos_token + '\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}",
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

CHATS = [
    [{"role": "user", "content": "Ciao, come stai?"}],
    [{"role": "system", "content": " Sei un gatto.\n"}, {"role": "user", "content": "Chi sei?  "}],
    [{"role": "user", "content": "Uno"}, {"role": "assistant", "content": "<think>\nmah\n</think>\n\nDue"},
     {"role": "user", "content": "Tre è 'tre' e \"perché\"? 👩‍👧"}],
    [{"role": "system", "content": ""}, {"role": "user", "content": ""}, {"role": "assistant", "content": "\n\n x \t"},
     {"role": "user", "content": "{{ no }} {% if %}"}, {"role": "assistant", "content": "fine"}],
    [{"role": "user", "content": [{"type": "text", "text": "parti"}, {"type": "image"}]}],
    {"messages": [{"role": "user", "content": "che tempo fa?"},
                  {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": {"name": "meteo", "arguments": {"città": "Roma", "n": 1.5, "x": None}}}]},
                  {"role": "tool", "content": "{\"t\": 20}"}, {"role": "tool", "content": "sole"}],
     "tools": [{"type": "function", "function": {"name": "meteo", "description": "dà il <tempo>", "parameters": {"type": "object", "properties": {"città": {"type": "string"}}, "required": ["città"]}}}]},
]


def theirs(template, chat, tokens):
    messages, tools = (chat, None) if isinstance(chat, list) else (chat["messages"], chat["tools"])
    try:
        text = _compile_jinja_template(template).render(
            messages=messages, tools=tools, documents=None, add_generation_prompt=True, **tokens
        )
        return "text", text
    except Exception as problem:
        return "error", f"{type(problem).__name__}: {problem}"


def mine(passo, folder, chat):
    answer = subprocess.run(
        [passo, "tokenizer", "chat", "--model", folder, "--lang", "en"],
        input=json.dumps(chat) + "\n", capture_output=True, text=True, timeout=60,
    )
    if answer.returncode == 0:
        return "text", json.loads(answer.stdout)
    if answer.returncode != 1:
        return "crash", f"{answer.returncode} {answer.stderr[-300:]}"
    return "error", answer.stderr.strip().replace("\n", " ")


def write(folder, template, tokens):
    folder.mkdir(exist_ok=True)
    settings = {"chat_template": template} | tokens
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")


# MARK: Random templates


class Fuzz:
    """Templates at random; `s`, `i`, `l`, `d`, `m` are a text, a number, a list, a mapping, messages."""

    def __init__(self, source):
        self.source = source
        self.names = ["s", "i", "l", "d"]

    def pick(self, *choices):
        return self.source.choice(choices)

    def text(self, depth):
        if depth <= 0:
            return self.pick("'a b'", "\"it's\"", "s", "messages[0].role", "'\\n\\tx '", "'Città'", "''", "bos_token",
                             "messages[0]['content']", "d.k", "s[1:]", "'x' 'y'", "'a,b,,c'", "nothing")
        t = lambda: self.text(depth - 1)
        i = lambda: self.number(depth - 1)
        return self.pick(
            f"{t()} + {t()}", f"{t()} ~ {i()}", f"{t()}|trim", f"{t()}|upper", f"({t()})|lower", f"({t()}).strip()",
            f"({t()}).strip('a ')", f"({t()}).lstrip()", f"({t()}).rstrip('x\\n')", f"({t()}).replace('a', {t()})",
            f"({t()})|replace('b', 'c')", f"({t()})[{i()}]", f"({t()})[{i()}:{i()}]", f"({t()})[::-1]",
            f"({t()} if {self.test(depth - 1)} else {t()})", f"({t()} if {self.test(depth - 1)})",
            f"({t()})|default('z')", f"({t()})|default('q', true)", f"({self.list(depth - 1)})|join({t()})",
            f"({self.list(depth - 1)})|tojson", f"({t()})|tojson", f"({t()})|capitalize", f"({t()})|title",
            f"({t()}).title()", f"({t()}).split(',')[-1]", f"({t()}) * 2", f"({t()})|first", f"({t()})|string",
            f"({self.list(depth - 1)})|first", f"({self.list(depth - 1)})|last", f"({t()})|indent(2)", f"({i()})|string",
            f"', '.join({self.list(depth - 1)})", f"({t()})|reverse", f"d|tojson(indent=2)", f"({t()}).capitalize()",
            f"d.get('k', {t()})", f"d['n']", f"({t()}).removeprefix('a')", f"({t()}).rsplit(' ', 1)[0]",
        )

    def number(self, depth):
        if depth <= 0:
            return self.pick("1", "0", "2", "-1", "i", "3", "7", "1.5", "true", "d.n")
        i = lambda: self.number(depth - 1)
        return self.pick(
            f"{i()} + {i()}", f"({i()} - {i()})", f"({i()}) * {i()}", f"({i()}) // {i()}", f"({i()}) % {i()}",
            f"({i()}) / {i()}", f"({self.text(depth - 1)})|length", f"({self.list(depth - 1)})|length",
            f"({self.text(depth - 1)}).find('a')", f"({self.text(depth - 1)})|int", f"-({i()})", f"({i()})|abs",
            f"({self.text(depth - 1)}).count('a')", f"({i()})|int", f"({i()})|float", f"loop.index",
        )

    def list(self, depth):
        if depth <= 0:
            return self.pick("l", "[1, 'a', 2]", "range(3)", "messages", "[]", "['b', 'A', 'a']", "s", "d", "(1, 2)", "['x', none]")
        l = lambda: self.list(depth - 1)
        return self.pick(
            f"[{self.text(depth - 1)}, {self.number(depth - 1)}]", f"({l()})[1:]", f"({l()})[::-1]", f"({l()})|list",
            f"({l()})|reverse|list", f"({self.text(depth - 1)}).split()", f"({self.text(depth - 1)}).split('a', 1)",
            f"messages|map(attribute='role')|list", f"({l()})|select|list", f"({l()})|select('string')|list",
            f"({l()})|reject('string')|list", f"messages|selectattr('role', 'equalto', 'user')|list", f"d.items()|list",
            f"d|dictsort", f"({l()})|unique|list", f"({l()})|map('string')|list", f"({l()})|map('upper')|list",
            f"({l()}) + ({l()})", f"({l()})|sort", f"({self.text(depth - 1)}).splitlines()", f"d.values()|list",
            f"messages|rejectattr('content')|list", f"({l()})[-2:]", "d.keys()|list",
        )

    def test(self, depth):
        if depth <= 0:
            return self.pick("true", "false", "s", "nothing", "i", "nothing is defined", "s is string", "none", "l", "tools")
        t, i = self.text(depth - 1), self.number(depth - 1)
        return self.pick(
            f"{t} == {self.text(depth - 1)}", f"({i}) > {self.number(depth - 1)}", f"'a' in {t}", f"not ({self.test(depth - 1)})",
            f"({t}) is string", f"({i}) is number", f"({i}) is odd", f"({i}) is divisibleby(3)", f"d is mapping",
            f"({self.list(depth - 1)}) is iterable", f"({t}) is not none", f"({self.test(depth - 1)}) and ({self.test(depth - 1)})",
            f"({self.test(depth - 1)}) or ({self.test(depth - 1)})", f"({t}).startswith('a')", f"({t}).endswith(('a', 'x'))",
            f"1 < ({i}) <= 3", f"{t} != {i}", f"({i}) in {self.list(depth - 1)}", f"'k' not in d", f"({t}) is defined and true",
            f"({i}) is sameas 1" if self.source.random() < 0.05 else f"({i}) is integer", f"({i}) == ({i})",
            f"({self.list(depth - 1)}) == ({self.list(depth - 1)})", f"({t}).isdigit()", f"({t}) is lower", f"({t}) < ({self.text(depth - 1)})",
        )

    def value(self, depth):
        return self.pick(self.text, self.text, self.text, self.number, self.list, self.test)(depth)

    def space(self):
        return self.pick("", "", " ", "\n", "  \n", "\n  ", "x", "\n\n", "\t")

    def tag(self, inside):
        return self.pick("{%", "{%", "{%-", "{%+") + " " + inside + " " + self.pick("%}", "%}", "-%}", "+%}")

    def block(self, depth):
        if depth <= 0:
            return self.space() + self.pick("{{", "{{-") + " " + self.value(self.source.randrange(3)) + " " + self.pick("}}", "-}}")
        kind = self.source.randrange(9)
        inner = lambda: "".join(self.block(depth - 1 - self.source.randrange(2)) for _ in range(self.source.randrange(1, 3)))
        if kind < 2:
            parts = [self.tag(f"if {self.test(1)}"), inner()]
            if self.source.random() < 0.3:
                parts += [self.tag(f"elif {self.test(1)}"), inner()]
            if self.source.random() < 0.5:
                parts += [self.tag("else"), inner()]
            return self.space() + "".join(parts) + self.tag("endif")
        if kind < 4:
            target = self.pick("s", "x", "m")
            sequence = self.list(self.source.randrange(2))
            test = f" if {self.test(0)}" if self.source.random() < 0.2 else ""
            other = self.tag("else") + inner() if self.source.random() < 0.2 else ""
            leave = self.tag(f"if loop.index > 2") + self.tag(self.pick("break", "continue")) + self.tag("endif") if self.source.random() < 0.2 else ""
            body = self.pick("{{ loop.index }}", "{{ loop.last }}", f"{{{{ {target} }}}}", "{{ loop.revindex0 }}", "{{ loop.previtem }}", "{{ loop.cycle('a', 'b') }}") + leave + inner()
            return self.space() + self.tag(f"for {target} in {sequence}{test}") + body + other + self.tag("endfor")
        if kind == 4:
            return self.space() + self.tag(f"set {self.pick('s', 'i', 'l', 'y')} = {self.value(1)}")
        if kind == 5:
            return self.space() + self.tag("set ns = namespace(a=1, b='x')") + self.tag(f"for x in {self.list(0)}") + self.tag("set ns.a = ns.a + 1") + self.tag("endfor") + "{{ ns.a }}{{ ns.b }}"
        if kind == 6:
            return self.space() + self.tag(f"macro f(p, q={self.text(0)})") + "{{ p }}" + inner() + "{{ q }}" + self.tag("endmacro") + "{{ f(" + self.value(1) + ") }}" + self.pick("", "{{ f(1, q=2)|trim }}")
        if kind == 7:
            return self.space() + self.pick("{#", "{#-") + " note " + self.pick("#}", "-#}") + self.space()
        return self.space() + self.tag("set z") + inner() + self.tag("endset") + "{{ z|length }}"

    def template(self):
        head = "{% set s = 'a Bàc' %}{% set i = 3 %}{% set l = ['q', 'a', 3] %}{% set d = {'k': 'v', 'n': 2, 'e': [1, none]} %}"
        return head + "".join(self.block(self.source.randrange(4)) for _ in range(self.source.randrange(1, 5))) + self.space()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--passo", default=".build/release/passo")
    parser.add_argument("--fuzz", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", action="append", default=[])
    options = parser.parse_args()
    passo = str(pathlib.Path(options.passo).resolve())
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        named = {name: (template, TOKENS, scratch / name) for name, template in TEMPLATES.items()}
        for path in options.folder:
            config = json.loads((pathlib.Path(path) / "tokenizer_config.json").read_text(encoding="utf-8"))
            tokens = {key: config[key] for key in TOKENS if isinstance(config.get(key), str)}
            named[path] = (config["chat_template"], tokens, pathlib.Path(path))
        for name, (template, tokens, folder) in named.items():
            if folder.parent == scratch:
                write(folder, template, tokens)
            equal, refused = 0, 0
            for number, chat in enumerate(CHATS):
                one, other = theirs(template, chat, tokens), mine(passo, folder, chat)
                if one == other:
                    equal += 1
                elif one[0] == other[0] == "error":
                    refused += 1
                else:
                    bad += 1
                    print(f"{name}, chat {number}:", repr(one)[:600], repr(other)[:600], sep="\n    ")
            print(f"{name:12} {len(CHATS)} chats: {equal} texts equal, {refused} refused by both")
        source = random.Random(options.seed)
        counts, reasons = collections.Counter(), collections.Counter()
        for number in range(options.fuzz):
            template = Fuzz(source).template()
            folder = scratch / "fuzz"
            write(folder, template, TOKENS)
            chat = source.choice(CHATS)
            one, other = theirs(template, chat, TOKENS), mine(passo, folder, chat)
            if one == other:
                counts["equal"] += 1
            elif one[0] == other[0] == "error":
                counts["refused by both"] += 1
            elif other[0] == "error" and "which Passo does not read" in other[1]:
                counts["not read"] += 1
                reasons[other[1].split("uses ")[-1].split(",")[0]] += 1
            else:
                counts["DIFFERENT"] += 1
                bad += 1
                if counts["DIFFERENT"] <= 12:
                    print(repr(template), repr(one)[:500], repr(other)[:500], sep="\n    ")
        print(f"random       {options.fuzz} templates: {dict(counts)}; not read: {dict(reasons)}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
