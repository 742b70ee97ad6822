#===- session.py - an editor's session with tile-lsp-server ----------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Speaks the language server protocol and prints what comes back.

usage: session.py tile-lsp-server
"""

import json
import subprocess
import sys

GOOD = """\
func.func @f(%x: memref<64xf32>) {
  %c1 = arith.constant 1 : index
  tile.launch blocks(%b) in (%c1) threads(32) {
    %s = tile.alloc : memref<64xf32, #tile.scope<shared>>
    tile.copy %x, %s : memref<64xf32> to memref<64xf32, #tile.scope<shared>>
  }
  return
}
"""
BAD = GOOD.replace("threads(32)", "threads(5000)")
UNFINISHED = GOOD.replace("    tile.copy %x, %s", "    tile.\n    tile.copy %x, %s")
URI = "file:///kernel.mlir"


class Server:
    def __init__(self, command):
        self.process = subprocess.Popen([command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.number = 0

    def send(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method,
                           "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body))
        self.process.stdin.write(body)
        self.process.stdin.flush()

    def receive(self, wanted):
        """The next message that `wanted` accepts."""
        while True:
            length = 0
            while (line := self.process.stdout.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                sys.exit("the server has ended")
            message = json.loads(self.process.stdout.read(length))
            if wanted(message):
                return message

    def ask(self, method, line, character):
        self.number += 1
        number = self.number
        self.send(method, {"textDocument": {"uri": URI},
                           "position": {"line": line, "character": character}},
                  id=number)
        return self.receive(lambda m: m.get("id") == number)["result"]

    def open(self, text, version):
        document = {"uri": URI, "languageId": "mlir", "version": version,
                    "text": text}
        self.send("textDocument/didOpen", {"textDocument": document})
        return self.receive(
            lambda m: m.get("method") == "textDocument/publishDiagnostics"
            and m["params"].get("version") == version)["params"]

    def close(self):
        self.send("textDocument/didClose", {"textDocument": {"uri": URI}})


def column(text, line, word):
    return text.splitlines()[line].index(word)


def main(command):
    server = Server(command)
    server.send("initialize", {"processId": None, "rootUri": None,
                               "capabilities": {}}, id=0)
    server.receive(lambda m: m.get("id") == 0)
    server.send("initialized", {})

    print("good:", len(server.open(GOOD, 1)["diagnostics"]), "diagnostics")
    hover = server.ask("textDocument/hover", 4, column(GOOD, 4, "copy"))
    print("hover:", hover["contents"]["value"])
    hover = server.ask("textDocument/hover", 4, column(GOOD, 4, "%s"))
    print("value:", hover["contents"]["value"])
    hover = server.ask("textDocument/hover", 1, column(GOOD, 1, "arith"))
    print("other dialect:", hover["contents"]["value"])
    hover = server.ask("textDocument/hover", 6, column(GOOD, 6, "  return"))
    print("nothing:", hover)
    places = server.ask("textDocument/definition", 4, column(GOOD, 4, "%s"))
    start = places[0]["range"]["start"]
    print(f"definition: line {start['line']} character {start['character']}")
    server.close()

    for diagnostic in server.open(BAD, 2)["diagnostics"]:
        print("bad: line", diagnostic["range"]["start"]["line"],
              diagnostic["message"])
    server.close()

    server.open(UNFINISHED, 3)
    items = server.ask("textDocument/completion", 4, len("    tile."))
    print("completion:", *sorted(item["label"] for item in items["items"]))
    server.send("shutdown", None, id=99)
    server.receive(lambda m: m.get("id") == 99)
    server.send("exit", None)
    print("exit code", server.process.wait(timeout=60))


if __name__ == "__main__":
    main(*sys.argv[1:])
