"""The commands of the README and what it says they answer."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_ANYTHING = "…"


@dataclass(frozen=True)
class Step:
    """One command, and what it answers; `…` stands for anything."""

    command: str
    answer: str

    def is_answered_by(self, printed: str) -> bool:
        """Whether what was printed is what the README says."""
        told = ".*?".join(re.escape(part) for part in self.answer.strip().split(_ANYTHING))
        return re.fullmatch(told, printed.strip(), re.DOTALL) is not None


def steps(text: str) -> list[Step]:
    """Every command of the README's consoles, in order."""
    return [step for block in _BLOCK.findall(text) for step in _of_block(block)]


def _of_block(block: str) -> list[Step]:
    found: list[Step] = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.rstrip("\n").split("\n")
        length = next(n for n in range(1, len(lines) + 1) if _is_whole("\n".join(lines[:n])))
        found.append(Step("\n".join(lines[:length]), "\n".join(lines[length:])))
    return found


def _is_whole(command: str) -> bool:
    """A command goes on over the end of a line while a single quote is open."""
    return command.count("'") % 2 == 0


async def carry_out(
    found: Sequence[Step], *, addresses: Mapping[str, str], environment: Mapping[str, str]
) -> list[str]:
    """Run all commands in one shell, as a reader does, and give what each printed; `addresses` replace the README's."""
    script = "".join(f"{step.command}\nprintf '\\0'\n" for step in found)
    for told, real in addresses.items():
        script = script.replace(told, real)
    shell = await asyncio.create_subprocess_exec(
        "bash", cwd=README.parent, env=dict(environment), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await shell.communicate(script.encode())
    return printed.decode().split("\0")[:-1]
