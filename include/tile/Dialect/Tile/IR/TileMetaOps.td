//===----------------------------------------------------------------------===//
// TileMetaOps.td - classes, objects and inline regions
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//

#ifndef TILE_DIALECT_TILE_IR_TILEMETAOPS_TD
#define TILE_DIALECT_TILE_IR_TILEMETAOPS_TD

include "tile/Dialect/Tile/IR/TileTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/CallInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Tile_FieldType : Type<
    Or<[Tile_Scalar.predicate, Tile_Buffer.predicate,
        Tile_ObjectType.predicate]>,
    Tile_Scalar.summary # ", a buffer of one of these, or an object">;

def Tile_ClassOp : Tile_Op<"class", [
    Symbol, SymbolTable, SingleBlock, NoTerminator, NoRegionArguments,
    IsolatedFromAbove, HasParent<"::mlir::ModuleOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "groups state and the methods that work on it";
  let description = [{
    A class holds fields and methods and may extend another class: it has that
    class's fields and methods too, and a method of the same name and signature
    replaces the inherited one, also where a method of the base calls it.

    Classes exist until `tile-inline-meta`: it turns the state of each object
    into variables and puts the bodies of the methods where they are called, so
    a class costs nothing at run time.

    ```mlir
    tile.class @Counter {
      tile.field @count : i32
      tile.method @next(%self: !tile.object<@Counter>, %by: i32) -> i32 {
        %old = tile.get %self::@count : !tile.object<@Counter>, i32
        %new = arith.addi %old, %by : i32
        tile.set %self::@count, %new : !tile.object<@Counter>, i32
        tile.return %old : i32
      }
    }
    func.func @use() -> i32 {
      %five = arith.constant 5 : i32
      %c = tile.new @Counter() prefix("c")
      %first = tile.invoke %c::@next(%five)
        : !tile.object<@Counter>, (i32) -> i32
      %second = tile.invoke %c::@next(%five)
        : !tile.object<@Counter>, (i32) -> i32
      return %second : i32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    OptionalAttr<FlatSymbolRefAttr>:$base);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`extends` $base^)? attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The class of this name in the module around `from`; null when missing.
    static ClassOp lookup(::mlir::SymbolTableCollection &tables,
                          ::mlir::Operation *from,
                          ::mlir::FlatSymbolRefAttr name);
    /// The class that this one extends; null when there is none.
    ClassOp getBaseClass(::mlir::SymbolTableCollection &tables);
    /// Visits this class and those that it extends until `visit` returns true;
    /// returns whether it did. A class that extends itself, which the verifier
    /// refuses, ends the visit.
    bool visitHierarchy(::mlir::SymbolTableCollection &tables,
                        ::llvm::function_ref<bool(ClassOp)> visit);
    /// Whether this is `other` or extends it.
    bool isOrExtends(::mlir::SymbolTableCollection &tables, ClassOp other);
    /// The field or method of this name, of this class or inherited; null when
    /// there is none.
    ::mlir::Operation *lookupMember(::mlir::SymbolTableCollection &tables,
                                    ::mlir::StringAttr name);
    /// Adds all fields, those of the base first.
    void getAllFields(::mlir::SymbolTableCollection &tables,
                      ::llvm::SmallVectorImpl<FieldOp> &fields);
  }];
}

def Tile_ImportOp : Tile_Op<"import", [HasParent<"::mlir::ModuleOp">]> {
  let summary = "brings the symbols of a library into the module";
  let description = [{
    `tile-import` puts the classes and functions of the named library in place
    of this operation, with what the library imports itself. Until then a class
    that is not in the module may be in a library, so uses of it and of its
    members are verified only after the pass.

    The name is that of a library built into the compiler, or of a file. The
    built-in `tile/schedulers` shares the tiles of a matrix out among workers.

    ```mlir
    tile.import "tile/schedulers"

    func.func @first_row(%rows: index, %columns: index, %workers: index)
        -> index {
      %zero = arith.constant 0 : index
      %sched = tile.new @TileScheduler(%rows, %columns, %workers
        : index, index, index)
      tile.invoke %sched::@start(%zero)
        : !tile.object<@TileScheduler>, (index) -> ()
      %row = tile.get %sched::@m_idx : !tile.object<@TileScheduler>, index
      return %row : index
    }
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict";
}

def Tile_FieldOp : Tile_Op<"field", [
    Symbol, HasParent<"ClassOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a piece of state in a class";
  let description = [{
    A scalar field is a variable of each object, zero or `init` at first. A
    field that is a buffer or an object refers to one: it is set once, where the
    object is made, and never changes.

    ```mlir
    tile.class @State {
      tile.field @index : i32
      tile.field @scale : f32 = 1.0 : f32
      tile.field @buffer : memref<64xf32, #tile.scope<shared>>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    TypeAttrOf<Tile_FieldType>:$type,
    OptionalAttr<TypedAttrInterface>:$init);
  let assemblyFormat = "$sym_name `:` $type (`=` $init^)? attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether the field refers to a buffer or an object.
    bool isReference();
  }];
}

def Tile_MethodOp : Tile_Op<"method", [
    FunctionOpInterface, IsolatedFromAbove, AffineScope,
    AutomaticAllocationScope, HasParent<"ClassOp">,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "a function of a class";
  let description = [{
    The first argument is the object. Scalars are passed by value; variables,
    buffers and views of them by reference. A `pure` method computes values
    only: it may read, assert and write to buffers that it makes itself, but it
    writes nothing that exists outside it, and calls only pure methods. A method
    called `init` is called by `tile.new`.

    ```mlir
    tile.class @Grid {
      tile.field @columns : index
      tile.method @init(%self: !tile.object<@Grid>, %columns: index) {
        tile.set %self::@columns, %columns : !tile.object<@Grid>, index
        tile.return
      }
      tile.method pure @row(%self: !tile.object<@Grid>, %i: index) -> index {
        %n = tile.get %self::@columns : !tile.object<@Grid>, index
        %row = arith.divui %i, %n : index
        tile.return %row : index
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
    TypeAttrOf<FunctionType>:$function_type,
    OptionalAttr<DictArrayAttr>:$arg_attrs,
    OptionalAttr<DictArrayAttr>:$res_attrs,
    UnitAttr:$pure);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "StringRef":$name, "FunctionType":$type,
      CArg<"bool", "false">:$pure)>
  ];
  let extraClassDeclaration = [{
    /// The types of the arguments that a call passes, without the object.
    ::llvm::ArrayRef<::mlir::Type> getCallArgumentTypes() {
      return getFunctionType().getInputs().drop_front();
    }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() {
      return getFunctionType().getInputs();
    }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() {
      return getFunctionType().getResults();
    }
  }];
}

def Tile_ReturnOp : Tile_Op<"return", [
    Pure, Terminator, ReturnLike, ParentOneOf<["MethodOp", "InlineOp"]>]> {
  let summary = "ends a method or an inline region with its results";
  let description = [{
    ```mlir
    func.func @f(%a: i32) -> i32 {
      %r = tile.inline(%x = %a : i32) -> i32 {
        tile.return %x : i32
      }
      return %r : i32
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$results);
  let assemblyFormat = "attr-dict ($results^ `:` type($results))?";
  let hasVerifier = 1;
  let builders = [
    OpBuilder<(ins), [{ build($_builder, $_state, ValueRange()); }]>
  ];
}

def Tile_NewOp : Tile_Op<"new", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "makes an object of a class";
  let description = [{
    Makes an object and, if its class has a method `init`, calls it with the
    arguments. The state of the object becomes variables called
    `{prefix}_{field}`; the name of the class serves where no prefix is given.

    An object is known at compile time: it may be passed to methods, to
    `tile.inline` and to reference fields, but not through block arguments,
    loops or calls of functions.

    ```mlir
    tile.class @Counter {
      tile.field @count : i32
    }
    func.func @f() {
      %c = tile.new @Counter() prefix("c")
      return
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$class_name, Variadic<AnyType>:$args,
    OptionalAttr<StrAttr>:$prefix);
  let results = (outs Tile_ObjectType:$object);
  let assemblyFormat = [{
    $class_name `(` ($args^ `:` type($args))? `)`
    (`prefix` `(` $prefix^ `)`)? attr-dict
  }];
}

def Tile_InvokeOp : Tile_Op<"invoke", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "calls a method of an object";
  let description = [{
    Calls the method of this name of the object's own class, which may extend
    the class that the type names. Where a class is named before the method, it
    is that class's method, or one that it inherits: so an overriding method
    calls the one that it replaces.

    ```mlir
    tile.class @Plain {
      tile.field @cost : i32
      tile.method @init(%self: !tile.object<@Plain>, %cost: i32) {
        tile.set %self::@cost, %cost : !tile.object<@Plain>, i32
        tile.return
      }
    }
    tile.class @Taxed extends @Plain {
      tile.field @tax : i32
      tile.method @init(%self: !tile.object<@Taxed>, %cost: i32, %tax: i32) {
        tile.invoke %self::@Plain::@init(%cost)
          : !tile.object<@Taxed>, (i32) -> ()
        tile.set %self::@tax, %tax : !tile.object<@Taxed>, i32
        tile.return
      }
    }
    ```
  }];
  let arguments = (ins Tile_ObjectType:$object, SymbolRefAttr:$method,
    Variadic<AnyType>:$args);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    custom<Member>($object, $method) `(` $args `)` attr-dict
    `:` type($object) `,` functional-type($args, $results)
  }];
}

def Tile_GetOp : Tile_Op<"get", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "reads a field of an object";
  let description = [{
    The value of a scalar field, or what a reference field refers to.

    ```mlir
    tile.class @Counter {
      tile.field @count : i32
    }
    func.func @f(%n: i32) {
      %c = tile.new @Counter()
      %old = tile.get %c::@count : !tile.object<@Counter>, i32
      return
    }
    ```
  }];
  let arguments = (ins Tile_ObjectType:$object, FlatSymbolRefAttr:$field);
  let results = (outs AnyType:$value);
  let assemblyFormat = [{
    custom<Member>($object, $field) attr-dict `:` type($object) `,` type($value)
  }];
}

def Tile_SetOp : Tile_Op<"set", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "writes a field of an object";
  let description = [{
    Writes a scalar field, or says once what a reference field refers to.

    ```mlir
    tile.class @Counter {
      tile.field @count : i32
    }
    func.func @f(%n: i32) {
      %c = tile.new @Counter()
      tile.set %c::@count, %n : !tile.object<@Counter>, i32
      return
    }
    ```
  }];
  let arguments = (ins Tile_ObjectType:$object, FlatSymbolRefAttr:$field,
    AnyType:$value);
  let assemblyFormat = [{
    custom<Member>($object, $field) `,` $value attr-dict
    `:` type($object) `,` type($value)
  }];
}

def Tile_SymbolOp : Tile_Op<"symbol", [Pure]> {
  let summary = "the value of a symbol of the function's annotations";
  let description = [{
    A symbol is a name in the annotations of the arguments; `tile-bind-shapes`
    replaces this by the scalar, size or stride that the symbol is bound to.

    ```mlir
    func.func @rows(
        %a: memref<?x?xf32> {tile.annotation = #tile.tensor<[M, N], f32>})
        -> index {
      %m = tile.symbol "M"
      return %m : index
    }
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Index:$value);
  let assemblyFormat = "$name attr-dict";
}

def Tile_InlineOp : Tile_Op<"inline", [
    RecursiveMemoryEffects, SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "a body with arguments and results, where it is used";
  let description = [{
    What a macro or the body of an inlined function is before it becomes part of
    the code around it. The arguments name the operands inside the body; the
    results are those of `tile.return`. The location of the operation is that of
    the call: diagnostics inside the body show both.

    ```mlir
    func.func @twice(%a: f32) -> f32 {
      %r = tile.inline(%x = %a : f32) -> f32 {
        %s = arith.addf %x, %x : f32
        tile.return %s : f32
      }
      return %r : f32
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$args);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
}

#endif // TILE_DIALECT_TILE_IR_TILEMETAOPS_TD
