// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a growing list of token ids into text, whole characters at a time. Torch-free.
#pragma once

#include <string>
#include <vector>

#include "infer/text_model.h"
#include "text/tokenizer.h"

namespace lathe::infer {

/// Decodes only a short window behind what was settled, so that a long answer costs no more per token than a short one.
class TextStream {
public:
    /// \p stop: a text that ends the answer and is not part of it; empty = none.
    TextStream(const text::Tokenizer& tokenizer, std::string stop, const TextSink& sink)
        : m_tokenizer(tokenizer), m_stop(std::move(stop)), m_sink(sink) {}

    void add(text::TokenId id);
    /// Gives out what was held back.
    void finish();
    bool isStopped() const { return m_stopped; }
    const std::string& text() const { return m_text; }

private:
    void emit(std::string_view piece, bool last);

    const text::Tokenizer& m_tokenizer;
    std::string m_stop;
    const TextSink& m_sink;
    std::vector<text::TokenId> m_window;  ///< settled context, then ids whose text is not out yet
    std::size_t m_settled = 0;            ///< how many of m_window are context
    std::string m_held;                   ///< text that may be the beginning of m_stop
    std::string m_text;
    bool m_stopped = false;
};

}  // namespace lathe::infer
