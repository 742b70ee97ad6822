//===- AtomTest.cpp - fragments against the formulas of the PTX ISA *- C++
//-*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fixture.h"

#include "tile/Layout/Atoms.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using namespace mlir::tile::test;

namespace {
using Place = std::pair<int64_t, int64_t>;
using Formula = function_ref<Place(int64_t lane, int64_t i)>;
} // namespace

static void checkFormula(const ThreadValueLayout &layout, Formula formula) {
  forEachValue(layout, [&](int64_t thread, int64_t value) {
    auto found = layout.coordinates(thread, value);
    auto [row, column] = formula(thread, value);
    EXPECT(found && (*found)[0] == row && (*found)[1] == column,
           layout.str() + " at T" + Twine(thread) + " V" + Twine(value));
  });
  EXPECT(layout.covers() && !layout.isReplicated(), layout.str());
}

static MmaAtom mma(int64_t m, int64_t n, int64_t k, int64_t bits) {
  return cantFail(MmaAtom::mmaSync(m, n, k, bits));
}

static Place accumulator16x8(int64_t lane, int64_t i) {
  return {lane / 4 + (i < 2 ? 0 : 8), lane % 4 * 2 + (i & 1)};
}

static void testHalf() {
  MmaAtom k16 = mma(16, 8, 16, 16), k8 = mma(16, 8, 8, 16);
  checkFormula(k16.a, [](int64_t lane, int64_t i) -> Place {
    bool isUpper = i < 2 || (i >= 4 && i < 6);
    return {lane / 4 + (isUpper ? 0 : 8),
            lane % 4 * 2 + (i & 1) + (i < 4 ? 0 : 8)};
  });
  checkFormula(*k16.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4 * 2 + (i & 1) + (i < 2 ? 0 : 8), lane / 4};
  });
  checkFormula(k16.c, accumulator16x8);
  checkFormula(k8.a, [](int64_t lane, int64_t i) -> Place {
    return {lane / 4 + (i < 2 ? 0 : 8), lane % 4 * 2 + (i & 1)};
  });
  checkFormula(*k8.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4 * 2 + i, lane / 4};
  });
  checkFormula(k8.c, accumulator16x8);
}

static void testTensorFloat() {
  MmaAtom k8 = mma(16, 8, 8, 32), k4 = mma(16, 8, 4, 32);
  checkFormula(k8.a, [](int64_t lane, int64_t i) -> Place {
    return {lane / 4 + (i == 0 || i == 2 ? 0 : 8), lane % 4 + (i < 2 ? 0 : 4)};
  });
  checkFormula(*k8.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4 + (i == 0 ? 0 : 4), lane / 4};
  });
  checkFormula(k8.c, accumulator16x8);
  checkFormula(k4.a, [](int64_t lane, int64_t i) -> Place {
    return {lane / 4 + (i == 0 ? 0 : 8), lane % 4};
  });
  checkFormula(*k4.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4, lane / 4};
  });
  checkFormula(k4.c, accumulator16x8);
}

static void testBytes() {
  MmaAtom k32 = mma(16, 8, 32, 8), k16 = mma(16, 8, 16, 8);
  checkFormula(k32.a, [](int64_t lane, int64_t i) -> Place {
    bool isUpper = i < 4 || (i >= 8 && i < 12);
    return {lane / 4 + (isUpper ? 0 : 8),
            lane % 4 * 4 + (i & 3) + (i < 8 ? 0 : 16)};
  });
  checkFormula(*k32.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4 * 4 + (i & 3) + (i < 4 ? 0 : 16), lane / 4};
  });
  checkFormula(k32.c, accumulator16x8);
  checkFormula(k16.a, [](int64_t lane, int64_t i) -> Place {
    return {lane / 4 + (i < 4 ? 0 : 8), lane % 4 * 4 + (i & 3)};
  });
  checkFormula(*k16.b, [](int64_t lane, int64_t i) -> Place {
    return {lane % 4 * 4 + i, lane / 4};
  });
}

static void testDouble() {
  MmaAtom atom = mma(8, 8, 4, 64);
  checkFormula(atom.a, [](int64_t lane, int64_t) -> Place {
    return {lane / 4, lane % 4};
  });
  checkFormula(*atom.b, [](int64_t lane, int64_t) -> Place {
    return {lane % 4, lane / 4};
  });
  checkFormula(atom.c, [](int64_t lane, int64_t i) -> Place {
    return {lane / 4, lane % 4 * 2 + i};
  });
}

static void testWarpGroups() {
  for (int64_t n = 8; n <= 256; n += 8) {
    MmaAtom atom = cantFail(MmaAtom::wgmma(n, 16));
    EXPECT(atom.numThreads() == 128 && atom.c.numValues() == n / 2, Twine(n));
    checkFormula(atom.c, [](int64_t thread, int64_t i) -> Place {
      int64_t warp = thread / 32, lane = thread % 32;
      return {warp * 16 + lane / 4 + 8 * (i / 2 % 2),
              i / 4 * 8 + lane % 4 * 2 + i % 2};
    });
  }
  for (int64_t bits : {8, 16, 32}) {
    MmaAtom atom = cantFail(MmaAtom::wgmma(64, bits));
    MmaAtom warp = mma(16, 8, 256 / bits, bits);
    checkFormula(atom.a, [&](int64_t thread, int64_t i) -> Place {
      auto place = *warp.a.coordinates(thread % 32, i);
      return {thread / 32 * 16 + place[0], place[1]};
    });
  }
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// What a thread of a warp holds, from the place of the warp and of the atom.
static void checkTile(const MmaAtom &atom, MmaOperand operand, int64_t warpsM,
                      int64_t warpsN, int64_t rows, int64_t columns) {
  ThreadValueLayout tile =
      cantFail(tileToWarps(atom, operand, warpsM, warpsN, rows, columns));
  const ThreadValueLayout &base = operand == MmaOperand::A   ? atom.a
                                  : operand == MmaOperand::B ? *atom.b
                                                             : atom.c;
  int64_t gridRows = operand == MmaOperand::B ? 1 : warpsM;
  int64_t gridColumns = operand == MmaOperand::A ? 1 : warpsN;
  int64_t blockRows = tile.padded()[0] / gridRows;
  int64_t blockColumns = tile.padded()[1] / gridColumns;
  EXPECT(tile.numThreads() == atom.numThreads() * warpsM * warpsN, tile.str());
  int64_t across = blockColumns / base.shape()[1];
  forEachValue(tile, [&](int64_t thread, int64_t value) {
    int64_t warp = thread / base.numThreads();
    int64_t instruction = value / base.numValues();
    auto place =
        *base.coordinates(thread % base.numThreads(), value % base.numValues());
    place[0] += warp / warpsN % gridRows * blockRows +
                instruction / across * base.shape()[0];
    place[1] += warp % warpsN % gridColumns * blockColumns +
                instruction % across * base.shape()[1];
    EXPECT(ArrayRef<int64_t>(place) ==
               ArrayRef(paddedCoordinates(tile, thread, value)),
           tile.str());
  });
  EXPECT(tile.covers() && tile.isInjectivePerThread(), tile.str());
  EXPECT(tile.isReplicated() == (gridRows * gridColumns < warpsM * warpsN),
         tile.str());
  EXPECT(tile.padded()[0] - rows < gridRows * base.shape()[0], tile.str());
  EXPECT(tile.describe().dims.has_value(), tile.str());
}

static void testTiles() {
  Random random;
  for (int number = 0; number < 200; ++number) {
    bool isGroup = random.below(4) == 0;
    MmaAtom atom =
        isGroup ? cantFail(MmaAtom::wgmma(random.among({8, 48, 128}), 16))
                : mma(16, 8, random.among({8, 16}), 16);
    int64_t warpsM = random.among({1, 2, 3, 4}), warpsN = random.among({1, 2});
    int64_t rows = 1 + random.below(200), columns = 1 + random.below(200);
    for (MmaOperand operand : {MmaOperand::A, MmaOperand::B, MmaOperand::C})
      if (!isGroup || operand != MmaOperand::B)
        checkTile(atom, operand, warpsM, warpsN, rows, columns);
  }
  outs() << "200 products tiled\n";
}

//===----------------------------------------------------------------------===//
// ldmatrix
//===----------------------------------------------------------------------===//

static void testMatrices() {
  for (int64_t count : {1, 2, 4}) {
    auto rows = getMatrixLayout(count, false);
    checkFormula(rows, [](int64_t lane, int64_t i) -> Place {
      return {i / 2 * 8 + lane / 4, lane % 4 * 2 + i % 2};
    });
    auto columns = getMatrixLayout(count, true);
    checkFormula(columns, [](int64_t lane, int64_t i) -> Place {
      return {i / 2 * 8 + lane % 4 * 2 + i % 2, lane / 4};
    });
    for (const ThreadValueLayout &layout : {rows, columns}) {
      auto access = matchMatrixAccess(layout, 16);
      EXPECT(access && access->count == count, layout.str());
      for (int64_t lane = 0; access && lane < 8 * count; ++lane)
        EXPECT(access->addresses.index(lane, 0) == lane * 8, layout.str());
    }
  }
}

/// Plays ldmatrix with the addresses of the match.
static void checkAccess(const ThreadValueLayout &tile, int64_t bits,
                        bool isTransposed) {
  std::optional<MatrixAccess> access = matchMatrixAccess(tile, bits);
  EXPECT(access && access->isTransposed == isTransposed, tile.str());
  if (!access)
    return;
  int64_t packed = 32 / bits;
  EXPECT(access->addresses.numValues() * access->count * packed ==
             tile.numValues(),
         tile.str());
  forEachValue(tile, [&](int64_t thread, int64_t value) {
    int64_t lane = thread % 32, matrix = value / packed;
    int64_t row = isTransposed ? lane % 4 * 2 + value % 2 : lane / 4;
    int64_t column =
        isTransposed ? lane / 4 : lane % 4 * packed + value % packed;
    int64_t from = thread - lane + matrix % access->count * 8 + row;
    auto start =
        paddedCoordinates(access->addresses, from, matrix / access->count);
    start.back() += column;
    EXPECT(start == paddedCoordinates(tile, thread, value), tile.str());
  });
}

static void testAccesses() {
  Random random;
  for (int number = 0; number < 100; ++number) {
    int64_t bits = random.among({8, 16, 32});
    MmaAtom atom = mma(16, 8, 256 / bits, bits);
    int64_t rows = random.among({16, 32, 48, 80}), columns = rows * 2;
    auto tile = [&](MmaOperand operand) {
      return cantFail(tileToWarps(atom, operand, 2, 2, rows, columns));
    };
    auto a = tile(MmaOperand::A), b = tile(MmaOperand::B);
    checkAccess(a, bits, false);
    checkAccess(cantFail(b.permute({1, 0})), bits, false);
    if (bits == 16) {
      checkAccess(b, bits, true);
      checkAccess(cantFail(a.permute({1, 0})), bits, true);
      checkAccess(tile(MmaOperand::C), bits, false);
    } else {
      EXPECT(!matchMatrixAccess(b, bits), b.str());
    }
  }
  auto linear = ThreadValueLayout::linear({16, 16}, 32);
  EXPECT(!matchMatrixAccess(linear, 16), linear.str());
  auto wide = ThreadValueLayout::vectorized({16, 16}, 32, 1, 8);
  EXPECT(!matchMatrixAccess(wide, 16), wide.str());
  EXPECT(!matchMatrixAccess(ThreadValueLayout::linear({33}, 33), 16), "33");
  // The second matrix has rows from column 12 on, which is byte 24.
  auto odd = cantFail(ThreadValueLayout::get(layout("(4,8):(2,20)"),
                                             layout("(2,2):(1,12)"), {8, 20}));
  EXPECT(!matchMatrixAccess(odd, 16), odd.str());
  outs() << "100 tiles moved by ldmatrix\n";
}

static void testErrors() {
  EXPECT_TEXT("unsupported shape m16n8k32 of mma.sync for 16 bits",
              toString(MmaAtom::mmaSync(16, 8, 32, 16).takeError()));
  EXPECT_TEXT("expected a multiple of 8 up to 256 as N of wgmma, found 12",
              toString(MmaAtom::wgmma(12, 16).takeError()));
  EXPECT_TEXT("expected elements of 8, 16 or 32 bits for wgmma, found 64",
              toString(MmaAtom::wgmma(16, 64).takeError()));
  MmaAtom group = cantFail(MmaAtom::wgmma(16, 16));
  EXPECT_TEXT("expected an operand in registers, found B of wgmma",
              text(tileToWarps(group, MmaOperand::B, 1, 1, 16, 16)));
  EXPECT_TEXT("expected at least 1 x 1 warps, found 2 x 0",
              text(tileToWarps(group, MmaOperand::A, 2, 0, 16, 16)));
}

void test::testAtoms() {
  testHalf();
  testTensorFloat();
  testBytes();
  testDouble();
  testWarpGroups();
  testTiles();
  testMatrices();
  testAccesses();
  testErrors();
}
