#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# guide.t - rules(7) is true: every command in it is run, in order, and prints what the page shows; examples/pack is its pack.
# shellcheck disable=SC1091
. "${GATE_SRC:-.}/tests/support/lib.sh" || exit 99
mkdir -p "$T/work" && cd "$T/work" || exit 99
export PATH=$GATE_STAGE/bin:$PATH XDG_CONFIG_HOME=$HOME/.config
git init -q . && git config user.name A && git config user.email a@example.org && git commit -q --allow-empty -m a

# Each command of the page with what it shows: "$ COMMAND", its here-document, its output, and [STATUS] when that is not 0.
# In the output "..." stands for anything: a line of its own for any number of lines.
cat >"$T/guide.py" <<'END'
import fnmatch, re, subprocess, sys
steps, literal = [], False
for line in open(sys.argv[1]):
    line = line.rstrip("\n").replace("\\\\", "\\")
    if line.startswith("```"):
        literal = not literal
    elif literal and line.startswith("$ "):
        steps.append([line[2:], [], re.search(r"<<'(\w+)'", line)])
    elif literal:
        command, output, until = steps[-1]
        if until:
            steps[-1][0] += "\n" + line
            if line == until.group(1):
                steps[-1][2] = None
        else:
            output.append(line)

def glob(text):
    return "*".join(re.sub(r"([*?[])", r"[\1]", part) for part in text.split("..."))

def same(got, shown):
    if not shown:
        return not got
    if shown[0] == "...":
        return any(same(got[i:], shown[1:]) for i in range(len(got) + 1))
    return bool(got) and fnmatch.fnmatchcase(got[0], glob(shown[0])) and same(got[1:], shown[1:])

print(f"1..{len(steps)}")
for n, (command, output, _) in enumerate(steps, 1):
    status = int(output.pop()[1:-1]) if output and re.fullmatch(r"\[\d+\]", output[-1]) else 0
    r = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    got = r.stdout.splitlines()
    # the status of a refused command is the program's own
    good = same(got, output) and (r.returncode == status or command.startswith("gatesh run"))
    print(("ok" if good else "not ok"), n, "-", command.splitlines()[0].replace("#", ""))
    if not good:
        print("\n".join("# " + line for line in [f"status {r.returncode}, got:"] + got + ["expected:"] + output))
END
python3 "$T/guide.py" "$GATE_SRC/man/rules.7.scd" >out 2>&1
sed 1d out
n=$(grep -cE '^(not )?ok ' out) failed=$(grep -c '^not ok' out)
ok "the page has commands, and all were run" test "$n" -ge 15 -a "1..$n" = "$(head -1 out)"
for f in pack.rules tenants.rules everyday.txt ci.sh; do
	is "examples/pack has the page's $f" "$(grep -v SPDX-License "$GATE_SRC/examples/pack/$f")" "$(cat "shop/$f")"
done
rm -rf "$HOME/.config/gate"
ok "and its ci.sh passes where it stands" sh -c 'sh "$1" >/dev/null' _ "$GATE_SRC/examples/pack/ci.sh"
done_testing
