//===- main.c - runs one part of the C test -------------------------------===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Test.h"

int failures = 0;

void reportFailure(const char *file, int line, const char *what,
                   const char *found) {
  ++failures;
  fprintf(stderr, "%s:%d: %s: found '%s'\n", file, line, what, found);
}

MlirStringRef text(const char *chars) {
  return mlirStringRefCreateFromCString(chars);
}

bool isText(MlirStringRef found, const char *expected) {
  return mlirStringRefEqual(found, text(expected));
}

MlirContext makeContext(void) {
  MlirDialectRegistry registry = mlirDialectRegistryCreate();
  CHECK_OK(tileRegisterAllDialects(registry));
  MlirContext context =
      mlirContextCreateWithRegistry(registry, /*threadingEnabled=*/false);
  mlirDialectRegistryDestroy(registry);
  mlirContextLoadAllAvailableDialects(context);
  return context;
}

MlirModule parse(MlirContext context, const char *source) {
  MlirModule module = {NULL};
  CHECK_OK(tileModuleParse(context, text(source), text("test"), &module));
  return module;
}

MlirAttribute parseAttribute(MlirContext context, const char *source) {
  MlirAttribute attribute = mlirAttributeParseGet(context, text(source));
  CHECK(!mlirAttributeIsNull(attribute));
  return attribute;
}

MlirType parseType(MlirContext context, const char *source) {
  MlirType type = mlirTypeParseGet(context, text(source));
  CHECK(!mlirTypeIsNull(type));
  return type;
}

MlirOperation findFunction(MlirModule module) {
  return mlirBlockGetFirstOperation(mlirModuleGetBody(module));
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(void);
  } parts[] = {{"gemm", testGemm},           {"attributes", testAttributes},
               {"types", testTypes},         {"passes", testPasses},
               {"signature", testSignature}, {"errors", testErrors},
               {"runtime", testRuntime}};
  for (size_t i = 0; argc == 2 && i < sizeof parts / sizeof parts[0]; ++i) {
    if (strcmp(argv[1], parts[i].name))
      continue;
    parts[i].run();
    printf("%s: %d failures\n", parts[i].name, failures);
    return failures != 0;
  }
  fprintf(stderr, "expected the name of a part of the test\n");
  return 2;
}
