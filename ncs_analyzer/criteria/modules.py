"""The modules of this package, found by walking it: a new publication is a new file and nothing else."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any


@cache
def _modules() -> tuple[ModuleType, ...]:
    import ncs_analyzer.criteria as package

    return tuple(
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not info.ispkg and info.name.count(".") > package.__name__.count(".") + 1
    )


def found(name: str) -> list[Any]:
    """What the modules in the folders below this package call by this name."""
    return [getattr(module, name) for module in _modules() if hasattr(module, name)]
