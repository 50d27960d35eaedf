#!/usr/bin/env python3
"""Records the README's picture of a run that is killed and goes on: a real one, in a real terminal (tmux), as an animated SVG.

usage: record.py SEQSWEEP OUT.svg

SEQSWEEP is the built program. The sweep is sweeps/quickstart.yaml in an empty folder. When half of its trials have ended, the run gets
kill -9; the same command goes on, and a trial that was running then is trained again from its beginning, to compare bit for bit.
Time runs SPEED times as fast as it did; nothing else is changed.
"""
import html
import os
import re
import subprocess
import sys
import tempfile
import time

COLUMNS, ROWS, SPEED, LAST = 100, 21, 4, 5.0
WIDTH, HEIGHT, MARGIN = 8.4, 18, 12
INK, PAPER = "#d0d7de", "#0d1117"
COLOURS = ["#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
           "#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc"]
PANE = "seqsweep-recording"


def tmux(*words):
    return subprocess.run(["tmux", "-L", PANE, *words], check=True, capture_output=True, text=True).stdout


class Terminal:
    """What the terminal shows, with the seconds since the beginning."""

    def __init__(self, folder, program):
        self.frames, self.begin = [], time.monotonic()
        subprocess.run(["tmux", "-L", PANE, "kill-server"], capture_output=True)
        tmux("-f", "/dev/null", "new-session", "-d", "-s", PANE, "-x", str(COLUMNS), "-y", str(ROWS), "-c", folder,
             "env", "-u", "SEQSWEEP_HEAD", f"PATH={os.path.dirname(program)}:{os.environ['PATH']}", "PS1=$ ", "TERM=screen-256color",
             "COLORTERM=truecolor", "bash", "--norc", "--noprofile")
        tmux("set", "-g", "status", "off")

    def look(self):
        frame = tmux("capture-pane", "-e", "-p").rstrip("\n")
        if not self.frames or self.frames[-1][1] != frame:
            self.frames.append((time.monotonic() - self.begin, frame))
        return re.sub(r"\x1b\[[0-9;]*m", "", frame)

    def until(self, seen, limit=600):
        end = time.monotonic() + limit
        while not seen(self.look()):
            if time.monotonic() > end:
                raise SystemExit(f"nothing of what was waited for in {limit} s; the terminal shows:\n{self.look()}")
            time.sleep(0.5)

    def wait(self, seconds):
        self.look()
        time.sleep(seconds)

    def clear(self):
        tmux("send-keys", "stty sane; clear", "Enter")
        self.until(lambda shown: shown.rstrip() == "$")

    def type(self, line):
        for character in line:
            tmux("send-keys", "-l", "\\;" if character == ";" else character)  # alone it would end the command
            self.look()
        tmux("send-keys", "Enter")


def colour(codes):
    """Of SGR: a number after 38;5 or 48;5, or red, green and blue after 38;2."""
    if codes[0] == 5:
        n = codes[1]
        if n < 16:
            return COLOURS[n], 2
        if n > 231:
            return "#" + f"{8 + 10 * (n - 232):02x}" * 3, 2
        steps = [0, 95, 135, 175, 215, 255]
        return "#" + "".join(f"{steps[i]:02x}" for i in ((n - 16) // 36, (n - 16) // 6 % 6, (n - 16) % 6)), 2
    return "#" + "".join(f"{c:02x}" for c in codes[1:4]), 4


def spans(line):
    """[(column, text, style)] of a line with escape sequences."""
    found, style, column = [], {}, 0
    for codes, text in re.findall(r"(?:\x1b\[([0-9;]*)m)?([^\x1b]*)", line):
        numbers = [int(code or 0) for code in codes.split(";")] if codes != "" or not text else []
        while numbers:
            n = numbers.pop(0)
            if n == 0:
                style = {}
            elif n in (1, 2, 4, 7):
                style = {**style, {1: "bold", 2: "dim", 4: "line", 7: "turned"}[n]: True}
            elif n in (38, 48):
                style = {**style, "ink" if n == 38 else "paper": colour(numbers)[0]}
                del numbers[: colour(numbers)[1]]
            elif n in (39, 49):
                style = {key: value for key, value in style.items() if key != ("ink" if n == 39 else "paper")}
            elif n in range(30, 38) or n in range(90, 98):
                style = {**style, "ink": COLOURS[n - 30 if n < 90 else n - 82]}
            elif n in range(40, 48) or n in range(100, 108):
                style = {**style, "paper": COLOURS[n - 40 if n < 100 else n - 92]}
        if text:
            found.append((column, text, style))
            column += len(text)
    return found


def drawn(line):
    parts = []
    for column, text, style in spans(line):
        ink, paper = style.get("ink", INK), style.get("paper")
        if style.get("turned"):
            ink, paper = paper or PAPER, ink
        if paper:
            parts.append(f'<rect x="{column * WIDTH:.1f}" width="{len(text) * WIDTH:.1f}" height="{HEIGHT}" fill="{paper}"/>')
        if not text.isspace():
            more = (' font-weight="bold"' if style.get("bold") else "") + (' opacity=".6"' if style.get("dim") else "")
            more += ' text-decoration="underline"' if style.get("line") else ""
            parts.append(f'<text x="{column * WIDTH:.1f}" y="13.5" fill="{ink}" textLength="{len(text) * WIDTH:.1f}"{more}>{html.escape(text)}</text>')
    return "".join(parts)


def svg(frames, end):
    ids, film, keys = {}, [], []
    total = (end - frames[0][0]) / SPEED + LAST
    width, height = COLUMNS * WIDTH + 2 * MARGIN, ROWS * HEIGHT + 2 * MARGIN
    for i, (at, frame) in enumerate(frames):
        uses = [f'<use href="#l{ids.setdefault(line, len(ids))}" y="{row * HEIGHT}"/>' for row, line in enumerate(frame.split("\n")) if line.strip()]
        film.append(f'<g transform="translate({i * width:.0f})">{"".join(uses)}</g>')
        keys.append(f"{100 * (at - frames[0][0]) / SPEED / total:.3f}%{{transform:translateX({-i * width:.0f}px)}}")
    lines = "".join(f'<g id="l{number}">{drawn(line)}</g>' for line, number in ids.items())
    last = f"translateX({-(len(frames) - 1) * width:.0f}px)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img" '
        'aria-label="A sweep runs in a terminal, is killed, goes on, and a trial of it is found to have the same weights, bit for bit">'
        "<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
        f".film{{animation:film {total:.1f}s steps(1,end) infinite}}@keyframes film{{{''.join(keys)}100%{{transform:{last}}}}}"
        f"@media(prefers-reduced-motion:reduce){{.film{{animation:none;transform:{last}}}}}</style>"
        f'<defs>{lines}</defs><rect width="100%" height="100%" rx="8" fill="{PAPER}"/>'
        f'<svg x="{MARGIN}" y="{MARGIN}" width="{COLUMNS * WIDTH:.0f}" height="{ROWS * HEIGHT}"><g class="film">{"".join(film)}</g></svg></svg>\n')


def main(program, out):
    program = os.path.abspath(program)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(root, "sweeps"), os.path.join(folder, "sweeps"))

        def query(sql):
            done = subprocess.run([program, "query", sql, "-o", "csv"], cwd=folder, capture_output=True, text=True)
            return done.stdout.split("\n")[1:-1] if done.returncode == 0 else []

        terminal = Terminal(folder, program)
        run = "seqsweep run sweeps/quickstart.yaml"
        terminal.until(lambda shown: shown.startswith("$"))
        terminal.type(run)
        terminal.until(lambda _: int((query("select count(*) from trials where state = 'completed'") or ["0"])[0]) >= 4)
        terminal.until(lambda _: query("select number from trials where state = 'running' and epoch between 1 and 3"))
        trial = query("select trial from trials where state = 'running' and epoch between 1 and 3")[0]
        subprocess.run(["pkill", "-KILL", "-f", "seqsweep run sweeps/quickstart"], check=True)
        terminal.until(lambda shown: shown.rstrip().endswith("$"))
        terminal.wait(4)
        terminal.clear()
        terminal.type(run + "    # it was killed with -9; again")
        terminal.until(lambda _: not query("select trial from trials where state <> 'completed'"))
        terminal.until(lambda shown: shown.rstrip().endswith("$"))
        terminal.wait(6)
        terminal.clear()
        terminal.type(f"seqsweep model verify {trial}    # it ran when the run was killed")
        terminal.until(lambda shown: "bit for bit" in shown or "differ" in shown)
        terminal.until(lambda shown: shown.rstrip().endswith("$"))
        end = time.monotonic() - terminal.begin
        tmux("kill-server")
    with open(out, "w", encoding="utf-8") as file:
        file.write(svg(terminal.frames, end))
    print(f"{out}: {len(terminal.frames)} frames of {end:.0f} s, {os.path.getsize(out) // 1024} KB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
