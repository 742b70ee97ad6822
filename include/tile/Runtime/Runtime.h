//===- Runtime.h - What compiled code and its callers need --------*- C -*-===//
//
// Part of the tile project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plain C interface with no dependency but the C library. The CUDA driver is
// opened when it is first needed, so a program that links this runs on machines
// without one.
//
// Functions that return `int` give 0 for success and 1 for failure; the text of
// the failure is then in tileRuntimeLastError(). Functions that generated code
// calls (tileRuntimeFail, tileRuntimeLaunch, tileRuntimeMakeTensorMap and its
// optional form) do not return on failure: they record the text and unwind to
// the innermost tileRuntimeInvoke.
//
//===----------------------------------------------------------------------===//

#ifndef TILE_RUNTIME_RUNTIME_H
#define TILE_RUNTIME_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

/// The text of this thread's most recent failure, or NULL when there was none
/// since the last tileRuntimeClearError. Valid until this thread's next call
/// into the runtime.
const char *tileRuntimeLastError(void);

/// Forgets this thread's failure.
void tileRuntimeClearError(void);

/// Records a message, formatted as by printf and cut to 1023 bytes, and unwinds
/// to the innermost tileRuntimeInvoke of this thread. Generated code calls it
/// when a check of the host part or an assertion on the CPU does not hold. With
/// no invoke active it prints the message and aborts. What the unwound frames
/// had allocated is not freed.
void tileRuntimeFail(const char *format, ...);

//===----------------------------------------------------------------------===//
// Running compiled functions
//===----------------------------------------------------------------------===//

/// Runs `fn(args)`, and returns 1 when it fails by tileRuntimeFail or
/// tileRuntimeLaunch. Invocations nest, and may run on several threads at once.
int tileRuntimeInvoke(void (*fn)(void **), void **args);

/// The same for a function whose images stay what they are for as long as
/// `owner` is used for them: a number other than 0 that no other function had
/// before. A launch then need not look whether an image has changed.
int tileRuntimeInvokeOwned(uint64_t owner, void (*fn)(void **), void **args);

/// Sets the stream (a CUstream) that this thread's launches, copies and events
/// use. NULL, the initial value, is the legacy default stream.
void tileRuntimeSetStream(void *stream);
void *tileRuntimeGetStream(void);

/// Launches `kernel` of `image` (PTX text or a cubin) on this thread's stream.
/// Generated host code calls it. Cluster sizes of 0 or 1 mean no cluster. A
/// grid with a 0 in it launches nothing. `params` holds a pointer to each
/// parameter. The image is loaded once per context; a different image at the
/// same address is recognised by its contents. With `waits` other than 0 the
/// kernel may begin before those ahead of it in the stream end: it waits for
/// them itself (griddepcontrol).
void tileRuntimeLaunch(const void *image, int64_t imageBytes,
                       const char *kernel, int64_t gridX, int64_t gridY,
                       int64_t gridZ, int64_t blockX, int64_t blockY,
                       int64_t blockZ, int64_t clusterX, int64_t clusterY,
                       int64_t clusterZ, int64_t sharedBytes, void **params,
                       int64_t numParams, int64_t waits);

/// Writes to the 128 bytes at `map` the description of a tensor in device
/// memory with which the copy engine of a GPU (sm_90 and later) moves boxes of
/// it. It is then passed to a kernel by value. Generated host code calls it.
///   place      where the program asks for it, for errors, or NULL
///   base       the address, a multiple of 16
///   type       the elements as the driver numbers them: 0 u8, 1 u16, 2 u32,
///              3 i32, 4 u64, 5 i64, 6 f16, 7 f32, 8 f64, 9 bf16
///   sizes, strides (in bytes), box
///              one number for each of `rank` dimensions (1 to 5), the
///              outermost first; strides are multiples of 16 and the last one
///              is an element's size; a box has at most 256 elements each way,
///              in rows of a multiple of 16 bytes, at most `swizzle` ones
///   swizzle    0, 32, 64 or 128 bytes
///   promotion  how much the L2 cache fetches at once: 0, 64, 128 or 256 bytes
/// Elements out of range are read as zeros and not written. The map of a tensor
/// without elements is all zeros and cannot be used.
void tileRuntimeMakeTensorMap(void *map, const char *place, const void *base,
                              int64_t type, int64_t rank, const int64_t *sizes,
                              const int64_t *strides, const int64_t *box,
                              int64_t swizzle, int64_t promotion);

/// The same, but where the address, the sizes or the strides are none that a
/// map can have, this is no failure: the map is all zeros and cannot be used.
void tileRuntimeMakeOptionalTensorMap(void *map, const char *place,
                                      const void *base, int64_t type,
                                      int64_t rank, const int64_t *sizes,
                                      const int64_t *strides,
                                      const int64_t *box, int64_t swizzle,
                                      int64_t promotion);

/// A launch of a kernel, and what the kernel needs.
typedef struct TileLaunchInfo {
  char kernel[128]; // cut if longer
  int64_t grid[3];
  int64_t block[3];
  int64_t clusterBlocks;
  int64_t dynamicSharedBytes;  // per block
  int staticSharedBytes;       // per block
  int registers;               // per thread
  int localBytes;              // per thread: spilled registers and arrays
  int blocksPerMultiprocessor; // that fit at once, clusters left aside
} TileLaunchInfo;

/// With `on` other than 0 this thread's launches are recorded from now on, up
/// to 64 of them, and those recorded before are forgotten.
void tileRuntimeRecordLaunches(int on);

/// Copies up to `capacity` recorded launches, the first one first, to `infos`,
/// which may be NULL if that is 0. Returns how many there are.
int tileRuntimeGetLaunches(TileLaunchInfo *infos, int capacity);

/// A function that generated code may refer to by name.
typedef struct TileRuntimeSymbol {
  const char *name;
  void *address;
} TileRuntimeSymbol;

/// All of them, for a JIT compiler to register.
const TileRuntimeSymbol *tileRuntimeSymbols(size_t *count);

//===----------------------------------------------------------------------===//
// Calls from C
//===----------------------------------------------------------------------===//

/// An argument of a function that was compiled ahead of time.
typedef struct TileArgument {
  const char *name;
  /// Whether the tensor may be absent, of which the code then takes care.
  int64_t isOptional;
  /// The number of dimensions; -1 for a scalar.
  int64_t rank;
  /// The sizes that the code was compiled for, -1 where any will do.
  const int64_t *sizes;
  /// The same for the strides, in elements; NULL for a contiguous tensor. Any
  /// will do where it is INT64_MIN.
  const int64_t *strides;
} TileArgument;

/// A function that was compiled ahead of time. `run` takes for each argument a
/// pointer to a scalar or to a memref descriptor.
typedef struct TileFunction {
  void (*run)(void **arguments);
  int64_t numArguments;
  const TileArgument *arguments;
  /// A number by which the runtime knows the images of this code again, 0 until
  /// the first call.
  uint64_t *owner;
} TileFunction;

/// Checks the arguments of a call against what the function was compiled for,
/// and runs it with `stream` as this thread's stream. Each argument is a
/// pointer to a scalar, or to a tensor: its address (a void *), then a size for
/// each dimension, then a stride, all of them int64_t. Strides that are all 0
/// are those of a contiguous tensor. NULL is a tensor that is absent. The
/// functions that tile-compile writes call it.
int tileRuntimeCall(const TileFunction *function, void *const *arguments,
                    void *stream);

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

/// The number of CUDA devices. 0 when there is no driver or no device;
/// tileRuntimeLastError then says why.
int tileDeviceCount(void);

/// What is known of a device.
typedef struct TileDeviceInfo {
  char name[256];
  int major; // compute capability
  int minor;
  int multiprocessors;
  int maxSharedBytes; // per block, after opting in
  int driverVersion;  // of CUDA, 1000 * major + 10 * minor
  int64_t memoryBytes;
} TileDeviceInfo;

/// Fills `info` for a device.
int tileDeviceGetInfo(int device, TileDeviceInfo *info);

/// What bounds the speed of a device. The clocks are the highest that it runs
/// at.
typedef struct TileDeviceLimits {
  int clockKHz;
  int memoryClockKHz;
  int memoryBusBits;
  int l2Bytes;
  int maxThreadsPerMultiprocessor;
} TileDeviceLimits;

/// Fills `limits` for a device.
int tileDeviceGetLimits(int device, TileDeviceLimits *limits);

/// Makes the primary context of `device` this thread's current context. The
/// functions below and tileRuntimeLaunch do this for device 0 when the thread
/// has no current context.
int tileDeviceInit(int device);

/// The same for a while: what was current before, which may be nothing, goes to
/// `previous`, and tileDeviceLeave makes it current again.
int tileDeviceEnter(int device, void **previous);
int tileDeviceLeave(void *previous);

/// Device memory. A size of 0 gives NULL.
int tileDeviceAlloc(void **pointer, size_t bytes);
int tileDeviceFree(void *pointer);

/// Copies and fills, ordered on this thread's stream. The copies return when
/// the data has arrived.
int tileDeviceCopyIn(void *device, const void *host, size_t bytes);
int tileDeviceCopyOut(void *host, const void *device, size_t bytes);
int tileDeviceCopy(void *to, const void *from, size_t bytes);
int tileDeviceFill(void *device, int byte, size_t bytes);

/// Waits for everything on this thread's stream, and reports what failed there.
int tileDeviceSynchronize(void);

/// Events on this thread's stream, to time what lies between two of them.
int tileEventCreate(void **event);
int tileEventRecord(void *event);
int tileEventElapsed(float *milliseconds, void *start, void *end);
int tileEventDestroy(void *event);

//===----------------------------------------------------------------------===//
// From PTX to machine code
//===----------------------------------------------------------------------===//

/// Assembles PTX text for `chip` ("sm_90a"; NULL takes what the text's .target
/// directive names) by nvJitLink or, without that, by ptxas; kernels with
/// products on tensor cores by ptxas if it is there, whose code is faster. On
/// success `*cubin` is to be released with free(). Environment:
///   TILE_ASSEMBLER  nvjitlink, ptxas, or driver (leave PTX to the driver)
///   TILE_NVJITLINK  the path of libnvJitLink.so
///   TILE_PTXAS      the path of ptxas
int tileAssemble(const char *ptx, size_t bytes, const char *chip, int optLevel,
                 void **cubin, size_t *cubinBytes);

/// The assembler that tileAssemble uses first: "nvjitlink", "ptxas", or NULL
/// when there is none (launches then leave PTX to the driver).
const char *tileAssemblerName(void);

/// A text that other assemblers, or other versions of them, do not share: their
/// files, with size and time, and TILE_ASSEMBLER. Valid until this thread's
/// next call.
const char *tileAssemblerId(void);

#ifdef __cplusplus
}
#endif

#endif // TILE_RUNTIME_RUNTIME_H
