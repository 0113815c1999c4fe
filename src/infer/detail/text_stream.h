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
    /// \p stops: texts that end the answer and are no part of it.
    TextStream(const text::Tokenizer& tokenizer, std::vector<std::string> stops, const TextSink& sink)
        : m_tokenizer(tokenizer), m_stops(std::move(stops)), m_sink(sink) {}

    void add(text::TokenId id);
    /// Gives out what was held back.
    void finish();
    bool isStopped() const { return m_stopped; }
    const std::string& text() const { return m_text; }

private:
    void emit(std::string_view piece, bool last);

    const text::Tokenizer& m_tokenizer;
    std::vector<std::string> m_stops;
    const TextSink& m_sink;
    std::vector<text::TokenId> m_window;  ///< settled context, then ids whose text is not out yet
    std::size_t m_settled = 0;            ///< how many of m_window are context
    std::string m_held;                   ///< text that may be the beginning of a stop text
    std::string m_text;
    bool m_stopped = false;
};

}  // namespace lathe::infer
