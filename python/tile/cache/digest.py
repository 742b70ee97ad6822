"""A hash of Python values that is the same in every process.

Values count by what they hold; functions by their source, their code and what
they capture in turn; modules and what is in them by name and version where they
are installed, by their contents where they are the user's. A value for which no
such thing can be said makes a `NotStorable`.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import inspect
from pathlib import PurePath
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GenericAlias,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    NoneType,
    SimpleNamespace,
    UnionType,
)
from typing import Any, Callable, Iterable

from tile.cache.names import (
    attribute_names,
    global_names,
    library_version,
    may_fill,
    names_in_constants,
)
from tile.cache.state import state_of

__all__ = ["Digest", "NotStorable", "digest_of"]

_MAX_ARRAY_BYTES = 1 << 20


class NotStorable(Exception):
    """A value of which nothing says whether another process has the same one."""


@functools.lru_cache(maxsize=1024)
def _get_source(code: CodeType) -> str:
    try:
        return inspect.getsource(code)
    except (OSError, TypeError):
        return ""


def _is_generated(member: Any) -> bool:
    code = getattr(
        inspect.unwrap(member) if callable(member) else None, "__code__", None
    )
    return code is not None and code.co_filename.startswith("<string>")


#: Py_TPFLAGS_IMMUTABLETYPE, which classes written in Python do not have.
_IMMUTABLE = 1 << 8


def _is_written_in_python(type_: type) -> bool:
    """Whether attributes show all that an instance holds.

    Other classes have a way of their own to make instances.
    """
    bases = type_.__mro__[:-1]
    return any("__dict__" in vars(b) or "__slots__" in vars(b) for b in bases) and all(
        isinstance(vars(base).get("__new__"), (NoneType, staticmethod))
        and not base.__flags__ & _IMMUTABLE
        for base in bases
    )


def _is_machinery(class_: type, name: str) -> bool:
    """Whether Python keeps a member for itself, which holds nothing of the user's."""
    if name == "_abc_impl" or name.startswith("__") and name.endswith("__"):
        return True
    is_enum = issubclass(class_, enum.Enum)
    return is_enum and name.startswith("_") and name.endswith("_")


class Digest:
    """The hash of the values that were added, in order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._seen: dict[int, int] = {}
        self._seen_modules: set[tuple[int, frozenset[str]]] = set()
        # What was seen stays, so that no other object gets its id.
        self._kept: list[Any] = []

    def hexdigest(self) -> str:
        """The hash so far, in hexadecimal."""
        return self._hash.hexdigest()

    def add(self, *values: Any) -> "Digest":
        """Adds values. Raises NotStorable."""
        for value in values:
            self._add(value)
        return self

    def _put(self, tag: str, data: str | bytes = b"") -> None:
        encoded = (
            data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        )
        self._hash.update(f"{tag} {len(encoded)}:".encode() + encoded)

    def _add(self, value: Any) -> None:
        if value is None or value is ... or isinstance(value, (bool, int, str, bytes)):
            if type(value) in (bool, int, str, bytes) or value is None or value is ...:
                self._put(
                    type(value).__name__,
                    value if isinstance(value, (str, bytes)) else repr(value),
                )
                return
        if type(value) in (float, complex, range):
            self._put(type(value).__name__, repr(value))
            return
        if id(value) in self._seen:
            self._put("seen", str(self._seen[id(value)]))
            return
        self._seen[id(value)] = len(self._seen)
        self._kept.append(value)
        handler = self._find(value)
        if handler is None:
            raise NotStorable(f"a value of type {type(value).__qualname__}")
        handler(value)

    def _find(self, value: Any) -> Callable[[Any], None] | None:
        for types, handler in (
            ((tuple, list), self._sequence),
            ((dict,), self._mapping),
            ((set, frozenset), self._set),
        ):
            if type(value) in types:
                return handler
        for kind, other in (
            (enum.Enum, self._enumerator),
            (CodeType, self._code),
            (FunctionType, self._function),
            (MethodType, self._method),
            (BuiltinFunctionType, self._builtin),
            (functools.partial, self._partial),
            (type, self._class),
            (ModuleType, self._module),
            (PurePath, self._path),
            ((staticmethod, classmethod), self._wrapped),
            (property, self._property),
            (SimpleNamespace, self._namespace),
            ((GenericAlias, UnionType), self._typing),
        ):
            if isinstance(value, kind):
                return other
        module = type(value).__module__.partition(".")[0]
        if module == "tile":
            return self._own
        if module in ("torch", "numpy", "jax") and type(
            value
        ).__name__.lower().endswith("dtype"):
            return self._dtype
        if module == "numpy":
            return self._array
        if module == "typing":
            return self._typing
        return self._object

    # Containers -----------------------------------------------------------

    def _sequence(self, value: Iterable[Any]) -> None:
        items = list(value)
        self._put(type(value).__name__, str(len(items)))
        self.add(*items)

    def _mapping(self, value: dict[Any, Any]) -> None:
        self._put("dict", str(len(value)))
        for key, item in value.items():
            self.add(key, item)

    def _set(self, value: Iterable[Any]) -> None:
        parts = sorted(digest_of(item) for item in value)
        self._put(type(value).__name__, " ".join(parts))

    # Code -----------------------------------------------------------------

    def _library(self, module: str | None, name: str) -> bool:
        """Adds what an installed library has under a name; False for no library."""
        version = library_version(module or "")
        if version is None:
            return False
        self._put("library", f"{module}.{name} {version}")
        return True

    def _code(self, value: CodeType) -> None:
        self._put("code", value.co_code)
        self._put("lines", value.co_linetable)
        self._put("place", f"{value.co_filename}:{value.co_firstlineno}")
        self._put("flags", str(value.co_flags))
        self.add(value.co_names, value.co_varnames, value.co_freevars)
        self.add(value.co_consts)

    def _function(self, value: FunctionType) -> None:
        code = value.__code__
        if self._library(value.__module__, value.__qualname__):
            for cell in value.__closure__ or ():
                self._captured(cell.cell_contents, False, frozenset())
            return
        # A frontend reads the source, which may have changed since it was compiled.
        self._put("function", _get_source(code))
        self.add(code, value.__defaults__, value.__kwdefaults__)
        attributes = attribute_names(code)
        fills = may_fill(attributes)
        # `getattr` looks up what a text says.
        names = attributes | names_in_constants(code)
        for name in global_names(code):
            if name in value.__globals__:
                self._put("global", name)
                self._captured(value.__globals__[name], fills, names)
        for cell in value.__closure__ or ():
            try:
                self._captured(cell.cell_contents, fills, names)
            except ValueError:
                self._put("unbound")
        self.add(dict(vars(value)))  # with what it wraps

    def _captured(self, value: Any, fills: bool, attributes: frozenset[str]) -> None:
        if fills and isinstance(value, (list, dict, set)):
            raise NotStorable("a function that may fill a list, a dict or a set")
        if isinstance(value, ModuleType):
            self._used_of_module(value, attributes)
        else:
            self.add(value)

    def _used_of_module(self, module: ModuleType, names: frozenset[str]) -> None:
        """Adds of a module what a function that uses these names can reach."""
        if self._library(module.__name__, ""):
            return
        # Another function may use other names of the same module.
        key = (id(module), names)
        if key in self._seen_modules:
            return
        self._seen_modules.add(key)
        self._kept.append(module)
        self._put("module", module.__name__)
        for name in sorted(names & vars(module).keys()):
            self._put("attribute", name)
            self._captured(vars(module)[name], False, names)

    def _method(self, value: MethodType) -> None:
        self._put("method")
        self.add(value.__func__, value.__self__)

    def _builtin(self, value: BuiltinFunctionType) -> None:
        owner = getattr(value, "__self__", None)
        if owner is not None and not isinstance(owner, (ModuleType, type)):
            raise NotStorable(f"a method of a {type(owner).__qualname__}")
        module = value.__module__ or getattr(owner, "__module__", "")
        if not self._library(module, value.__qualname__):
            raise NotStorable(f"the native function {value.__qualname__}")

    def _partial(self, value: functools.partial[Any]) -> None:
        self._put("partial")
        self.add(value.func, value.args, value.keywords)

    def _wrapped(self, value: Any) -> None:
        self._put(type(value).__name__)
        self.add(value.__func__)

    def _property(self, value: property) -> None:
        self._put("property")
        self.add(value.fget, value.fset, value.fdel)

    def _class(self, value: type) -> None:
        self._put("class", value.__qualname__)
        if self._library(value.__module__, value.__qualname__):
            return
        try:
            self._put("source", inspect.getsource(value))
        except (OSError, TypeError):
            pass  # its members say what it does
        self.add(value.__bases__)
        if type(value) is not type:
            self.add(type(value))
        for name, item in vars(value).items():
            if isinstance(item, (GetSetDescriptorType, MemberDescriptorType)):
                continue
            if _is_generated(item):
                continue  # from the source, by a decorator such as dataclass
            is_code = isinstance(
                item, (FunctionType, staticmethod, classmethod, property)
            )
            if is_code or not _is_machinery(value, name):
                self._put("member", name)
                self.add(item)

    def _module(self, value: ModuleType) -> None:
        if not self._library(value.__name__, ""):
            raise NotStorable(f"the module {value.__name__}")

    # Other values ---------------------------------------------------------

    def _enumerator(self, value: enum.Enum) -> None:
        self._put("enumerator", value.name or "")
        self.add(type(value), value.value)

    def _path(self, value: PurePath) -> None:
        self._put("path", str(value))

    def _dtype(self, value: Any) -> None:
        self._put("dtype", f"{type(value).__module__} {value}")

    def _namespace(self, value: SimpleNamespace) -> None:
        self._put("namespace")
        self.add(type(value), dict(vars(value)))

    def _typing(self, value: Any) -> None:
        arguments = getattr(value, "__args__", None)
        if arguments is None:
            self._put("typing", repr(value))
            return
        self._put("typing", type(value).__name__)
        self.add(getattr(value, "__origin__", None), arguments)
        self.add(getattr(value, "__metadata__", ()))

    def _array(self, value: Any) -> None:
        if getattr(value, "nbytes", _MAX_ARRAY_BYTES + 1) > _MAX_ARRAY_BYTES:
            raise NotStorable("a large array")
        if value.dtype.hasobject:
            raise NotStorable("an array of objects")
        self._put("array", f"{value.dtype.str} {value.shape}")
        self._put("elements", value.tobytes())

    def _own(self, value: Any) -> None:
        """Adds a value of this package."""
        self._put("tile", type(value).__qualname__)
        name = type(value).__name__
        if name in ("Macro", "PrimFuncGenerator"):
            self.add(value.function)
        elif name == "dtype":
            self._put("dtype", str(value))
        elif name == "PrimFunc":
            self._put("prim_func", value.text(locations=True))
        elif name == "JITImpl":
            self.add(value.__wrapped__, repr(value.options))
        elif type(value).__module__.startswith("tile._core"):
            raise NotStorable(f"a tile._core.{name}")
        else:
            self._state(value)

    def _object(self, value: Any) -> None:
        """Adds an instance of a class that is written in Python."""
        if not _is_written_in_python(type(value)):
            raise NotStorable(f"a value of type {type(value).__qualname__}")
        key = getattr(value, "__tile_key__", None)
        self._put("object")
        self.add(type(value))
        if key is not None:
            self.add(key())
        else:
            self._state(value)

    def _state(self, value: Any) -> None:
        self.add(dict(sorted(state_of(value))))


def digest_of(*values: Any) -> str:
    """The hash of values. Raises NotStorable."""
    return Digest().add(*values).hexdigest()
