//===- Draw.cpp - pictures of layouts ---------------------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tile/Layout/Draw.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir::tile;
using Owner = ThreadValueLayout::Owner;

static constexpr int64_t kColors = 32;

namespace {
struct Cell {
  std::string text;
  /// What is shown when it is pointed at.
  std::string details;
  std::string color;
};

/// What is special to one kind of layout.
struct Picture {
  SmallVector<int64_t> shape;
  std::string layout;
  int64_t cellWidth;
  function_ref<Cell(ArrayRef<int64_t>)> getCell;
  /// Lines of text, and a color and name for each of 32.
  SmallVector<std::string> legend;
  std::string colorName;
};

class Painter {
public:
  Painter(const Picture &picture, StringRef title, const DrawOptions &options);

  std::string paint();

private:
  static constexpr int64_t kMargin = 16, kRowHeight = 22, kLineHeight = 18;
  static constexpr int64_t kSwatchWidth = 26;

  SmallVector<int64_t> getCoordinates(int64_t row, int64_t column) const;
  void paintText(int64_t x, int64_t y, const Twine &text, StringRef style);
  void paintCell(int64_t x, int64_t y, int64_t width, const Cell &cell);
  void paintHead();
  void paintAxes();
  void paintLegend();

  const Picture &picture;
  StringRef title;
  int64_t numRows = 1, numColumns = 1, shownRows, shownColumns;
  int64_t left, top, width, height;
  std::string svg;
  raw_string_ostream os;
};
} // namespace

/// A light color for each of 32 numbers, once around the circle; darker for
/// higher shades.
static std::string getColor(int64_t number, int64_t shade) {
  double hue = 6.0 * (number % kColors) / kColors;
  double light = 1.0 - 0.08 * (shade % 4), chroma = 0.38 * light;
  auto channel = [&](double center) {
    double distance = std::abs(hue - center);
    distance = std::min(distance, 6.0 - distance);
    double part = std::clamp(2.0 - distance, 0.0, 1.0);
    return int(255 * (light - chroma + chroma * part));
  };
  std::string text;
  raw_string_ostream(text) << format("#%02x%02x%02x", channel(0), channel(2),
                                     channel(4));
  return text;
}

//===----------------------------------------------------------------------===//
// SVG
//===----------------------------------------------------------------------===//

Painter::Painter(const Picture &picture, StringRef title,
                 const DrawOptions &options)
    : picture(picture), title(title), os(svg) {
  if (!picture.shape.empty()) {
    numColumns = picture.shape.back();
    numRows = product_of(ArrayRef(picture.shape).drop_back());
  }
  shownRows = std::min(numRows, options.maxRows);
  shownColumns = std::min(numColumns, options.maxColumns);
  left = kMargin + 24 * std::max<int64_t>(picture.shape.size() - 1, 1);
  top = kMargin + 4 * kLineHeight;
  int64_t text = 7 * std::max(title.size(), picture.layout.size());
  width = std::max({left + shownColumns * picture.cellWidth, text,
                    kColors * kSwatchWidth + kMargin, int64_t(520)}) +
          kMargin;
  int64_t lines = picture.legend.size() + 4;
  height = top + shownRows * kRowHeight + lines * kLineHeight + kMargin;
}

SmallVector<int64_t> Painter::getCoordinates(int64_t row,
                                             int64_t column) const {
  SmallVector<int64_t> coordinates(picture.shape.size());
  if (coordinates.empty())
    return coordinates;
  coordinates.back() = column;
  for (size_t dim = coordinates.size() - 1; dim-- > 0;) {
    coordinates[dim] = row % picture.shape[dim];
    row /= picture.shape[dim];
  }
  return coordinates;
}

void Painter::paintText(int64_t x, int64_t y, const Twine &text,
                        StringRef style) {
  os << "<text x=\"" << x << "\" y=\"" << y << "\" " << style << ">";
  printHTMLEscaped(text.str(), os);
  os << "</text>\n";
}

void Painter::paintCell(int64_t x, int64_t y, int64_t width, const Cell &cell) {
  os << "<g>";
  if (!cell.details.empty()) {
    os << "<title>";
    printHTMLEscaped(cell.details, os);
    os << "</title>";
  }
  os << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << width
     << "\" height=\"" << kRowHeight << "\" fill=\"" << cell.color
     << "\" stroke=\"#888888\"/>";
  paintText(x + width / 2, y + 15, cell.text,
            "class=\"cell\" text-anchor=\"middle\"");
  os << "</g>\n";
}

void Painter::paintHead() {
  os << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << width
     << "\" height=\"" << height << "\" viewBox=\"0 0 " << width << " "
     << height << "\" font-family=\"Helvetica, Arial, sans-serif\" "
     << "font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" "
     << "fill=\"white\"/>\n";
  paintText(kMargin, kMargin + 10, title,
            "font-size=\"16\" font-weight=\"bold\"");
  paintText(kMargin, kMargin + 10 + kLineHeight, picture.layout,
            "fill=\"#444444\"");
  if (shownRows < numRows || shownColumns < numColumns)
    paintText(kMargin, kMargin + 10 + 2 * kLineHeight,
              "Only the first " + Twine(shownRows) + " of " + Twine(numRows) +
                  " rows and " + Twine(shownColumns) + " of " +
                  Twine(numColumns) + " columns are shown.",
              "fill=\"#aa0000\"");
}

void Painter::paintAxes() {
  for (int64_t column = 0; column < shownColumns; ++column)
    paintText(left + column * picture.cellWidth + picture.cellWidth / 2,
              top - 5, Twine(column),
              "text-anchor=\"middle\" fill=\"#666666\"");
  for (int64_t row = 0; row < shownRows; ++row) {
    SmallVector<int64_t> place = getCoordinates(row, 0);
    std::string name;
    raw_string_ostream text(name);
    if (place.size() > 1)
      interleave(ArrayRef(place).drop_back(), text, ",");
    paintText(left - 5, top + row * kRowHeight + 15, name,
              "text-anchor=\"end\" fill=\"#666666\"");
  }
}

void Painter::paintLegend() {
  int64_t y = top + shownRows * kRowHeight + 2 * kLineHeight;
  for (StringRef line : picture.legend) {
    paintText(kMargin, y, line, "");
    y += kLineHeight;
  }
  paintText(kMargin, y, picture.colorName, "");
  for (int64_t number = 0; number < kColors; ++number) {
    os << "<g>";
    int64_t x = kMargin + number * kSwatchWidth;
    os << "<rect x=\"" << x << "\" y=\"" << y + 6 << "\" width=\""
       << kSwatchWidth << "\" height=\"" << kLineHeight << "\" fill=\""
       << getColor(number, 0) << "\" stroke=\"#888888\"/>";
    paintText(x + kSwatchWidth / 2, y + 19, Twine(number),
              "text-anchor=\"middle\"");
    os << "</g>\n";
  }
}

std::string Painter::paint() {
  paintHead();
  paintAxes();
  for (int64_t row = 0; row < shownRows; ++row)
    for (int64_t column = 0; column < shownColumns; ++column)
      paintCell(left + column * picture.cellWidth, top + row * kRowHeight,
                picture.cellWidth,
                picture.getCell(getCoordinates(row, column)));
  paintLegend();
  os << "</svg>\n";
  return svg;
}

//===----------------------------------------------------------------------===//
// Fragments
//===----------------------------------------------------------------------===//

static std::string formatPlace(ArrayRef<int64_t> place) {
  std::string text;
  raw_string_ostream os(text);
  os << '(';
  interleave(place, os, ", ");
  os << ')';
  return text;
}

static Cell getFragmentCell(const ThreadValueLayout &layout,
                            ArrayRef<int64_t> place) {
  SmallVector<Owner> owners = layout.owners(place);
  std::string details;
  raw_string_ostream os(details);
  os << formatPlace(place) << ": ";
  if (owners.empty()) {
    os << "held by no thread";
    return {"-", details, "#ffffff"};
  }
  interleave(
      owners, os,
      [&](Owner owner) {
        os << "thread " << owner.thread << " value " << owner.value;
      },
      ", ");
  Owner first = owners.front();
  std::string text =
      std::to_string(first.thread) + ":" + std::to_string(first.value);
  if (owners.size() > 1)
    text += " +" + std::to_string(owners.size() - 1);
  return {text, details, getColor(first.thread, first.thread / kColors)};
}

std::string mlir::tile::drawFragment(const ThreadValueLayout &layout,
                                     StringRef title,
                                     const DrawOptions &options) {
  Picture picture;
  picture.shape.assign(layout.shape().begin(), layout.shape().end());
  picture.layout = layout.str();
  // Six units for each character.
  int64_t digits = utostr(layout.numThreads() - 1).size() +
                   utostr(layout.numValues() - 1).size();
  bool isShared = layout.isReplicated() || !layout.isInjectivePerThread();
  picture.cellWidth = 6 * (digits + (isShared ? 6 : 3));
  auto getCell = [&](ArrayRef<int64_t> place) {
    return getFragmentCell(layout, place);
  };
  picture.getCell = getCell;
  picture.legend.push_back(
      "5:2 is value 2 of thread 5. " + std::to_string(layout.numThreads()) +
      " threads, " + std::to_string(layout.numValues()) + " values each.");
  if (isShared)
    picture.legend.push_back("5:2 +3 is also held in 3 other places.");
  if (!layout.covers())
    picture.legend.push_back("- is held by no thread.");
  picture.colorName = layout.numThreads() > kColors
                          ? "Color by lane, darker from warp to warp:"
                          : "Color by thread:";
  return Painter(picture, title, options).paint();
}

//===----------------------------------------------------------------------===//
// Shared memory
//===----------------------------------------------------------------------===//

std::string mlir::tile::drawShared(const SharedPlaces &places, StringRef title,
                                   const DrawOptions &options) {
  Picture picture;
  picture.shape.assign(places.shape.begin(), places.shape.end());
  picture.layout = places.layout;
  picture.cellWidth = 26;
  auto getCell = [&](ArrayRef<int64_t> place) -> Cell {
    int64_t byte = places.getByte(place), bank = byte / 4 % kColors;
    std::string details = formatPlace(place) + ": byte " + std::to_string(byte);
    return {std::to_string(bank), details, getColor(bank, 0)};
  };
  picture.getCell = getCell;
  picture.legend.push_back(
      "A cell is the bank, of 4 bytes, in which the element begins. " +
      std::to_string(places.sizeInBytes) + " bytes in all.");
  picture.colorName = "Color by bank:";
  return Painter(picture, title, options).paint();
}

std::string mlir::tile::drawShared(const SharedLayout &layout, StringRef title,
                                   const DrawOptions &options) {
  SmallVector<int64_t> shape = layout.shape();
  auto getByte = [&](ArrayRef<int64_t> place) {
    return layout.byteAddress(place);
  };
  return drawShared(
      SharedPlaces{shape, layout.sizeInBytes(), getByte, layout.str()}, title,
      options);
}
