//===- Ptxas.cpp - PTX to cubin by the ptxas program ------------*- C++ -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ptxas reads and writes files, so the text and the result pass through
// temporary ones. It is started without a shell.
//
//===----------------------------------------------------------------------===//

#include "Assembler.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

using namespace tile::runtime;

namespace {
/// A file of an unused name that goes away with this object.
class TemporaryFile {
public:
  TemporaryFile() {
    std::string folder = getVariable("TMPDIR");
    path = (folder.empty() ? "/tmp" : folder) + "/tile-XXXXXX";
    descriptor = mkostemp(path.data(), O_CLOEXEC);
    error = descriptor < 0 ? errno : 0;
  }
  ~TemporaryFile() {
    if (descriptor < 0)
      return;
    close(descriptor);
    unlink(path.c_str());
  }
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  bool write(const std::string &text);
  bool readAll(std::string &text) const;

  std::string path;
  int descriptor;
  int error;
};
} // namespace

bool TemporaryFile::write(const std::string &text) {
  size_t done = 0;
  while (done < text.size()) {
    ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0) {
      error = errno;
      return false;
    }
    done += count;
  }
  return true;
}

/// Reads by name, since the program may have replaced the file.
bool TemporaryFile::readAll(std::string &text) const {
  std::FILE *file = std::fopen(path.c_str(), "rb");
  if (!file)
    return false;
  char buffer[16384];
  while (size_t count = std::fread(buffer, 1, sizeof buffer, file))
    text.append(buffer, count);
  bool ok = !std::ferror(file);
  std::fclose(file);
  return ok;
}

/// The path of ptxas, or an empty string.
std::string tile::runtime::getPtxasPath() {
  std::string path = getVariable("TILE_PTXAS");
  if (!path.empty())
    return path;
  std::vector<std::string> folders;
  std::string search = getVariable("PATH");
  for (size_t begin = 0; begin <= search.size();) {
    size_t end = search.find(':', begin);
    if (end == std::string::npos)
      end = search.size();
    if (end > begin)
      folders.push_back(search.substr(begin, end - begin));
    begin = end + 1;
  }
  for (std::string &folder : getToolkitFolders("bin"))
    folders.push_back(std::move(folder));
  for (const std::string &folder : folders)
    if (std::string file = folder + "/ptxas"; access(file.c_str(), X_OK) == 0)
      return file;
  return "";
}

bool tile::runtime::havePtxas() { return !getPtxasPath().empty(); }

/// Runs the program with its output going to `log`. Returns its wait status, or
/// -1 with `error` set when it could not be started.
static int runProgram(const std::vector<std::string> &arguments,
                      const TemporaryFile &log, int &error) {
  std::vector<char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, log.descriptor, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, log.descriptor, STDERR_FILENO);
  pid_t child = 0;
  error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error)
    return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == EINTR)
      continue;
    error = errno;
    return -1;
  }
  return status;
}

bool tile::runtime::runPtxas(const AssembleJob &job, std::string &cubin,
                             std::string &problem) {
  std::string program = getPtxasPath();
  TemporaryFile input, output, log;
  for (const TemporaryFile *file : {&input, &output, &log})
    if (file->error) {
      problem =
          "cannot create '" + file->path + "': " + std::strerror(file->error);
      return false;
    }
  if (!input.write(job.ptx)) {
    problem =
        "cannot write '" + input.path + "': " + std::strerror(input.error);
    return false;
  }

  int error = 0;
  int status = runProgram({program, "-arch=" + job.chip,
                           "-O" + std::to_string(job.optLevel), input.path,
                           "-o", output.path},
                          log, error);
  if (status < 0) {
    problem = "cannot run '" + program + "': " + std::strerror(error);
    return false;
  }
  if (status != 0) {
    log.readAll(problem);
    trimEnd(problem);
    if (problem.empty())
      problem = "'" + program + "' failed " +
                (WIFSIGNALED(status)
                     ? "by signal " + std::to_string(WTERMSIG(status))
                     : "with status " + std::to_string(WEXITSTATUS(status)));
    return false;
  }
  if (!output.readAll(cubin) || cubin.empty()) {
    problem = "'" + program + "' wrote no cubin";
    return false;
  }
  return true;
}
