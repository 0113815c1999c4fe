// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opens the SentencePiece module once and wraps its C interface. Thread: any.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "text/sentencepiece_module/module_api.h"

namespace lathe::text {

/// The module, opened at the first call. \returns Unsupported with what was tried and why it failed.
Result<const LatheSpApi*> sentencePieceModule();

/// A loaded model. The vocabulary is copied out, so that look-ups do not cross the interface.
class SentencePieceModel {
public:
    /// \param name for messages. \returns Unsupported (no module), Parse (no SentencePiece model, or a broken one).
    static Result<std::shared_ptr<const SentencePieceModel>> load(std::string_view bytes, std::string_view name);
    ~SentencePieceModel();
    SentencePieceModel(const SentencePieceModel&) = delete;
    SentencePieceModel& operator=(const SentencePieceModel&) = delete;

    const std::vector<std::string>& pieces() const { return m_pieces; }
    LatheSpPieceType type(std::int32_t id) const { return m_types[static_cast<std::size_t>(id)]; }
    std::int32_t unknownId() const { return m_special[0]; }
    std::int32_t bosId() const { return m_special[1]; }
    std::int32_t eosId() const { return m_special[2]; }
    std::int32_t padId() const { return m_special[3]; }
    std::vector<LatheSpPiece> encode(std::string_view text) const;
    /// Ids outside the vocabulary are left out.
    std::string decode(std::span<const std::int32_t> ids) const;

private:
    SentencePieceModel() = default;
    const LatheSpApi* m_api = nullptr;
    LatheSpModel* m_model = nullptr;
    std::vector<std::string> m_pieces;
    std::vector<LatheSpPieceType> m_types;
    std::int32_t m_special[4] = {-1, -1, -1, -1};
};

/// Runs the trainer on the calling thread. Options as spm_train names them; \p stop is polled while texts are read.
/// Every text must hold something that can be seen, and no NUL, tab, line break or U+2585: the library ends the process
/// where nothing is left to train on. \returns the serialised model; InvalidInput with the trainer's message.
Result<std::string> runSentencePieceTrainer(std::span<const std::string> texts,
                                            const std::vector<std::pair<std::string, std::string>>& options,
                                            const std::function<bool()>& stop);

}  // namespace lathe::text
