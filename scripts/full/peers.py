"""Our bot beside the same one on Rasa's default pipeline and policies.

``make bench-peers``: one run after the other on the same machine; only the ratios mean
something elsewhere. Training the peer takes long and is kept in ``.full/default``.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from pathlib import Path

from launcher.environment import ROOT
from launcher.terminal import say, step
from launcher.training import MODEL, train
from scripts.bench import measure_turns, quantiles
from scripts.full import environment
from scripts.full.servers import Served
from wenzhu.evaluate import DEV
from wenzhu.understanding.sentences import sentences_in

HERE = Path(__file__).parent
DEFAULT = environment.FULL / "default"
CONFIG = HERE / "default_config.yml"
DATA = tuple(ROOT / "data" / name for name in ("nlu", "rules", "responses"))


def train_default() -> Path:
    """The peer's model; trained when the data changed since it was last."""
    total = hashlib.sha256(CONFIG.read_bytes() + (ROOT / "domain.yml").read_bytes())
    for folder in DATA:
        for file in sorted(folder.glob("*.yml")):
            total.update(file.name.encode() + file.read_bytes())
    name = f"default-{total.hexdigest()[:12]}"
    model = DEFAULT / f"{name}.tar.gz"
    if not model.exists():
        command = [str(environment.PYTHON), "-m", "rasa", "train"]
        command += ["--config", str(CONFIG), "--domain", str(ROOT / "domain.yml")]
        command += ["--data", *map(str, DATA), "--out", str(DEFAULT)]
        command += ["--fixed-model-name", name]
        started = time.perf_counter()
        environment.run("训练默认流水线 training Rasa's default", command)
        say(f"· {(time.perf_counter() - started) / 60:.0f} min, kept in {DEFAULT}")
    return model


def measure(bot: Served, title: str) -> dict[str, float]:
    """Every figure of one bot; times in milliseconds, memory in megabytes."""
    with bot:
        found = {"ready s": bot.ready}
        found |= {f"{name} at start MB": mb for name, mb in bot.memory().items()}

        def timed(sender: str, text: str) -> float:
            started = time.perf_counter()
            bot.say(sender, text)
            return (time.perf_counter() - started) * 1000

        with step(f"对话 talking to {title}"):
            for name, times in measure_turns(timed).items():
                p50, p95 = quantiles(times)
                found |= {f"{name} p50 ms": p50, f"{name} p95 ms": p95}
        # without an open question: the default pipeline could not see one
        alone = [each for each in sentences_in(DEV) if each.context is None]
        right, times = 0, []
        with step(f"听懂 understanding {len(alone)} sentences"):
            for example in alone:
                started = time.perf_counter()
                intent = bot.parse(example.text)["intent"]["name"]
                times.append((time.perf_counter() - started) * 1000)
                right += intent == example.intent
        found["sentence p50 ms"] = statistics.median(times)
        found["intent right"] = right / len(alone)
        found |= {f"{name} at end MB": mb for name, mb in bot.memory().items()}
    return found


def main() -> None:
    """Measure both, and print ours, the peer's, and how many times ours that is."""
    environment.install()
    train()
    model = train_default()
    with tempfile.TemporaryDirectory() as space:
        credentials = HERE / "credentials.yml"
        ours = Served(Path(space) / "ours", MODEL, ROOT / "endpoints.yml", credentials)
        peer = Served(
            Path(space) / "peer",
            model,
            HERE / "default_endpoints.yml",
            credentials,
            is_full=True,
            settings={"PEER_DATABASE": str(Path(space) / "peer.db")},
        )
        mine, theirs = measure(ours, "ours"), measure(peer, "Rasa's default")
    say(f"\n{'':28} {'ours':>9} {'default':>9} {'times':>6}")
    for name, value in mine.items():
        say(f"{name:28} {value:9.2f} {theirs[name]:9.2f} {theirs[name] / value:6.2f}")


if __name__ == "__main__":
    main()
