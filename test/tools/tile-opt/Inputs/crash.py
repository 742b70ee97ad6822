#===- crash.py - a tool that is stopped by a signal ------------------------===#
#
# Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#===------------------------------------------------------------------------===#
"""Starts a command, sends it SIGSEGV while it waits for its output to be read,
and prints its errors.

usage: crash.py FILE COMMAND...      FILE is the standard input

The command must print more than a pipe holds before it ends.
"""

import os
import signal
import subprocess
import sys


def main(path, *command):
    with open(path, "rb") as file:
        process = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
    # Once the first byte is there, the tool is at work; as nobody reads the
    # others, it cannot end.
    os.read(process.stdout.fileno(), 1)
    process.send_signal(signal.SIGSEGV)
    _, errors = process.communicate(timeout=120)
    print(errors.decode(errors="replace"))
    print("ended by signal", -process.returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
