// What v1-classes.mlirbc holds.

module {
  tile.class @Base {
    tile.field @index : i32
    tile.field @scale : f32 = 1.500000e+00 : f32
    tile.field @buffer : memref<64xf32, #tile.scope<shared>>
    tile.method @next(%arg0: !tile.object<@Base>, %arg1: i32) -> i32 {
      %0 = tile.get %arg0::@index : <@Base>, i32
      %1 = arith.addi %0, %arg1 : i32
      tile.set %arg0::@index, %1 : <@Base>, i32
      tile.return %0 : i32
    }
    tile.method pure @both(%arg0: !tile.object<@Base>) -> (i32, f32) {
      %0 = tile.get %arg0::@index : <@Base>, i32
      %1 = tile.get %arg0::@scale : <@Base>, f32
      tile.return %0, %1 : i32, f32
    }
  }
  tile.class @Derived extends @Base attributes {note = "kept"} {
    tile.field @inner : !tile.object<@Base>
    tile.method @next(%arg0: !tile.object<@Derived>, %arg1: i32) -> i32 {
      %0 = tile.invoke %arg0::@Base::@next(%arg1) : <@Derived>, (i32) -> i32
      tile.return %0 : i32
    }
    tile.method @init(%arg0: !tile.object<@Derived>, %arg1: !tile.object<@Base>) {
      tile.set %arg0::@inner, %arg1 : <@Derived>, !tile.object<@Base>
      tile.return
    }
  }
  func.func @use(%arg0: i32) -> i32 {
    %0 = tile.new @Base() prefix("b")
    %1 = tile.new @Derived(%0 : !tile.object<@Base>)
    %2 = tile.invoke %1::@next(%arg0) : <@Derived>, (i32) -> i32
    %3:2 = tile.invoke %1::@both() : <@Derived>, () -> (i32, f32)
    %4 = tile.inline(%arg1 = %2 : i32, %arg2 = %3#0 : i32) -> i32 {
      %5 = arith.addi %arg1, %arg2 : i32
      tile.return %5 : i32
    }
    tile.inline() {
      tile.print "here"
    }
    return %4 : i32
  }
  tile.class @Pure {
    tile.method pure @sum(%arg0: !tile.object<@Pure>, %arg1: memref<?xi32>, %arg2: index, %arg3: i1) -> i32 {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c0_i32 = arith.constant 0 : i32
      tile.assert %arg3, "must be positive"
      %0 = tile.alloc : memref<8xi32, #tile.scope<local>>
      %subview = memref.subview %0[4] [2] [1] : memref<8xi32, #tile.scope<local>> to memref<2xi32, strided<[1], offset: 4>, #tile.scope<local>>
      memref.store %c0_i32, %subview[%c0] : memref<2xi32, strided<[1], offset: 4>, #tile.scope<local>>
      %sum = tile.alloc_var %c0_i32 name("sum") : i32
      tile.inline(%arg4 = %sum : memref<i32, #tile.scope<local>>) {
        scf.for %arg5 = %c0 to %arg2 step %c1 {
          scf.if %arg3 {
            %2 = memref.load %arg1[%arg5] : memref<?xi32>
            %3 = memref.load %arg4[] : memref<i32, #tile.scope<local>>
            %4 = arith.addi %3, %2 : i32
            memref.store %4, %arg4[] : memref<i32, #tile.scope<local>>
          }
        }
      }
      %1 = memref.load %sum[] : memref<i32, #tile.scope<local>>
      tile.return %1 : i32
    }
  }
}

