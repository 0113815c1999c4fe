// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer's model: one word (what normalizer and pre-tokenizer made of a text) to tokens of the vocabulary.
// Thread: any, once built; what a model remembers between words is in Memory, which belongs to one caller at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace lathe::text {

/// One token; the bytes [begin, end) of the word that it stands for.
struct ModelToken {
    TokenId id = -1;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const ModelToken&, const ModelToken&) = default;
};

class Model {
public:
    /// Buffers and remembered words. A model makes its own kind and accepts no other.
    class Memory {
    public:
        virtual ~Memory() = default;
    };

    virtual ~Model() = default;
    virtual std::unique_ptr<Memory> newMemory() const { return std::make_unique<Memory>(); }
    /// Appends the tokens of \p word (valid UTF-8, or any bytes for a byte-level model), at most 4 GB of it.
    virtual void tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const = 0;

    /// One above the highest id.
    virtual std::int32_t size() const = 0;
    /// As written in the vocabulary; "" where an id is not used.
    virtual std::string_view token(TokenId id) const = 0;
    /// -1 where there is none.
    virtual TokenId find(std::string_view token) const = 0;
    /// What stands for text that the vocabulary cannot spell; -1 where the model has none.
    virtual TokenId unknown() const { return -1; }
};

}  // namespace lathe::text
