"""The kernel language, usually imported as ``T``."""

from tile.language.dtypes import *
from tile.language.dtypes import bool_ as bool
from tile.language.dtypes import float16 as half
from tile.language.dtypes import float32 as float
from tile.language.dtypes import float64 as double
from tile.language.dtypes import int16 as short
from tile.language.dtypes import int32 as int
from tile.language.dtypes import int64 as long
from tile.language.dtypes import uint32 as uint
from tile.language.buffer import BufferValue, Element, Region, Var
from tile.language.symbols import *
from tile.language.kernel import *
from tile.language.alloc import *
from tile.language.loop import *
from tile.language.copy import *
from tile.language.gemm import *
from tile.language.debug import *
from tile.language.math import *
from tile.language.fastmath import *
from tile.language.numeric import *
from tile.language.reduce import *
from tile.language.atomic import *
from tile.language.reducer import *
from tile.language.vote import *
from tile.language.threads import *
from tile.language.alias import *
from tile.language.persistent import *
from tile.language.layout import *
from tile.language.hints import *
from tile.language.im2col import *
from tile.language.sync import *
from tile.language.annot import *
from tile.language.macro import Macro, Ref, macro
from tile.language.meta import inline, meta_class
from tile.language.tile_schedule import BaseTileScheduler, PersistentTileScheduler
from tile.language.const import const
from tile.language.output import alloc_global, empty
from tile.jit.prim_func import PrimFunc, prim_func
