//===- Diagnostics.cpp - MLIR diagnostics as Python objects ---------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/TypeSwitch.h"

namespace nb = nanobind;
using namespace mlir;
using namespace mlir::tile::python;
using namespace nb::literals;

static void addFrames(Location loc, std::vector<Frame> &frames) {
  TypeSwitch<LocationAttr>(loc)
      .Case<FileLineColLoc>([&](FileLineColLoc file) {
        frames.push_back(
            {file.getFilename().str(), file.getLine(), file.getColumn()});
      })
      .Case<CallSiteLoc>([&](CallSiteLoc site) {
        addFrames(site.getCallee(), frames);
        addFrames(site.getCaller(), frames);
      })
      .Case<NameLoc>(
          [&](NameLoc name) { addFrames(name.getChildLoc(), frames); })
      .Case<FusedLoc>([&](FusedLoc fused) {
        if (!fused.getLocations().empty())
          addFrames(fused.getLocations().front(), frames);
      });
}

std::vector<Frame> mlir::tile::python::getFrames(Location loc) {
  std::vector<Frame> frames;
  addFrames(loc, frames);
  return frames;
}

static const char *getSeverity(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return "note";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Remark:
    return "remark";
  }
  return "error";
}

static DiagnosticRecord toRecord(Diagnostic &diagnostic) {
  DiagnosticRecord record{getSeverity(diagnostic.getSeverity()),
                          diagnostic.str(),
                          getFrames(diagnostic.getLocation()),
                          {}};
  for (Diagnostic &note : diagnostic.getNotes())
    record.notes.push_back(toRecord(note));
  return record;
}

DiagnosticCollector::DiagnosticCollector(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        records.push_back(toRecord(diagnostic));
        return success();
      }) {}

/// Sets the Python error tile.errors.DiagnosticError(message, records).
[[noreturn]] static void raiseRecords(const std::string &message,
                                      std::vector<DiagnosticRecord> records) {
  nb::object type = nb::module_::import_("tile.errors").attr("DiagnosticError");
  nb::object error = type(message, nb::cast(std::move(records)));
  PyErr_SetObject(type.ptr(), error.ptr());
  throw nb::python_error();
}

void DiagnosticCollector::raise(const std::string &what) {
  raiseRecords(what, take());
}

void DiagnosticCollector::raise(llvm::Error error) {
  raiseRecords(toString(std::move(error)), take());
}

void mlir::tile::python::bindDiagnostics(nb::module_ &module) {
  nb::class_<Frame>(module, "Frame", "A place in a file.")
      .def(nb::init<std::string, unsigned, unsigned>(), "file"_a, "line"_a,
           "column"_a)
      .def_ro("file", &Frame::file)
      .def_ro("line", &Frame::line, "Counted from 1.")
      .def_ro("column", &Frame::column, "Counted from 1.");
  nb::class_<DiagnosticRecord>(module, "Diagnostic",
                               "What the compiler says about a place.")
      .def(nb::init<std::string, std::string, std::vector<Frame>,
                    std::vector<DiagnosticRecord>>(),
           "severity"_a, "message"_a, "frames"_a, "notes"_a)
      .def_ro("severity", &DiagnosticRecord::severity,
              "'error', 'warning', 'remark' or 'note'.")
      .def_ro("message", &DiagnosticRecord::message)
      .def_ro("frames", &DiagnosticRecord::frames,
              "The place and the calls that led to it, the innermost first.")
      .def_ro("notes", &DiagnosticRecord::notes);
}
