// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The C interface between the engine and the module that holds the SentencePiece library. Nothing but C types cross it,
// and no exception: the two sides may be linked with different protobuf libraries. Thread: any.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { LATHE_SP_ABI = 2 };

enum LatheSpPieceType {
    LATHE_SP_NORMAL = 0,
    LATHE_SP_UNKNOWN = 1,
    LATHE_SP_CONTROL = 2,
    LATHE_SP_BYTE = 3,
    LATHE_SP_UNUSED = 4
};

typedef struct LatheSpModel LatheSpModel;

/// Where errors go: called at most once by a function that fails, before it returns.
typedef struct LatheSpError {
    void (*report)(void* user, const char* message, size_t length);
    void* user;
} LatheSpError;

/// One piece: its id and the bytes of the text as given that it stands for (begin == end for all but the last of the
/// bytes of a character that is spelled in bytes).
typedef struct LatheSpPiece {
    int32_t id;
    uint32_t begin;
    uint32_t end;
} LatheSpPiece;

typedef struct LatheSpTraining {
    const char* const* texts;  ///< UTF-8, without NUL, tab and line breaks
    const size_t* lengths;
    size_t count;
    const char* const* options;  ///< name, value, name, value ... as spm_train has them
    size_t optionCount;          ///< pairs
    /// Polled while the texts are read; not 0 gives the training up.
    int (*stop)(void* user);
    void* user;
} LatheSpTraining;

typedef struct LatheSpApi {
    int32_t abi;
    LatheSpModel* (*load)(const char* bytes, size_t size, LatheSpError error);  ///< NULL on failure
    void (*unload)(LatheSpModel* model);
    int32_t (*pieceCount)(const LatheSpModel* model);
    /// \p id must be in [0, pieceCount).
    const char* (*piece)(const LatheSpModel* model, int32_t id, size_t* length);
    int32_t (*pieceType)(const LatheSpModel* model, int32_t id);
    /// unk, bos, eos, pad; -1 where there is none.
    void (*specialIds)(const LatheSpModel* model, int32_t out[4]);
    /// 0 on success; \p sink is called once with all pieces.
    int32_t (*encode)(const LatheSpModel* model, const char* text, size_t size,
                      void (*sink)(void* user, const LatheSpPiece* pieces, size_t count), void* user,
                      LatheSpError error);
    /// Ids must be in [0, pieceCount). 0 on success; \p sink is called once.
    int32_t (*decode)(const LatheSpModel* model, const int32_t* ids, size_t count,
                      void (*sink)(void* user, const char* text, size_t size), void* user, LatheSpError error);
    /// 0 on success; \p sink is called once with the serialised model.
    int32_t (*train)(const LatheSpTraining* training, void (*sink)(void* user, const char* bytes, size_t size),
                     void* user, LatheSpError error);
} LatheSpApi;

/// The only symbol that the module exports.
typedef const LatheSpApi* (*LatheSpEntry)(void);
#define LATHE_SP_ENTRY "lathe_sentencepiece_api"

#ifdef __cplusplus
}
#endif
