// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer put together from parts, as tokenizer.json describes them: added tokens, normalizer, pre-tokenizer,
// model, post-processor, decoder. Thread: any, once built.
#pragma once

#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "text/added_tokens.h"
#include "text/decoders/decoder.h"
#include "text/models/model.h"
#include "text/normalizers/normalizer.h"
#include "text/post_processors/post_processor.h"
#include "text/pre_tokenizers/pre_tokenizer.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"

namespace lathe::text {

struct PipelineSpec {
    std::string kind;                            ///< what Tokenizer::kind() says
    std::vector<AddedToken> added;               ///< ids of the model, or beyond them
    std::unique_ptr<Normalizer> normalizer;      ///< null: none
    std::unique_ptr<PreTokenizer> preTokenizer;  ///< null: none
    std::shared_ptr<const Model> model;          ///< never null
    PostProcessing postProcessing;
    std::unique_ptr<Decoder> decoder;  ///< null: tokens are joined by spaces
    SpecialTokens special;
    std::optional<Truncation> truncation;
    std::optional<Padding> padding;
};

class PipelineTokenizer final : public Tokenizer {
public:
    /// \returns InvalidInput (an added token or a template with an impossible id).
    static Result<std::shared_ptr<const Tokenizer>> make(PipelineSpec spec, TokenizerFiles files);
    ~PipelineTokenizer() override;

    std::string kind() const override { return m_spec.kind; }
    std::int32_t vocabSize() const override { return m_size; }
    SpecialTokens special() const override { return m_spec.special; }
    Encoding encode(std::string_view text, bool addSpecial, bool withOffsets) const override;
    Encoding encodePair(std::string_view a, std::string_view b) const override;
    Encoding encodePairWith(std::string_view a, std::string_view b, bool addSpecial, bool withOffsets) const override;
    std::vector<std::string> tokenize(std::string_view text, bool addSpecial) const override;
    std::optional<Truncation> truncation() const override { return m_spec.truncation; }
    std::optional<Padding> padding() const override { return m_spec.padding; }
    std::string decode(const std::vector<TokenId>& ids, bool skipSpecial) const override;
    std::string token(TokenId id) const override { return std::string(tokenText(id)); }
    std::optional<TokenId> find(std::string_view token) const override;
    Result<> save(const std::filesystem::path& folder) const override { return m_files.save(folder); }

private:
    struct Work;
    class Run;
    PipelineTokenizer(PipelineSpec spec, TokenizerFiles files);
    std::string_view tokenText(TokenId id) const;
    Encoding encodeBy(const std::vector<TemplateStep>& steps, std::string_view a, std::string_view b, bool addSpecial,
                      bool withOffsets, std::vector<std::string>* texts = nullptr) const;
    std::unique_ptr<Work> take() const;
    void giveBack(std::unique_ptr<Work> work) const;

    PipelineSpec m_spec;
    TokenizerFiles m_files;
    std::int32_t m_size = 0;
    AddedTokens m_given, m_normalized;  // looked for in the text as given; in the normalised text
    std::unordered_map<std::string_view, TokenId> m_addedIds;    // views of m_spec.added
    std::unordered_map<TokenId, std::string_view> m_addedTexts;  // of two tokens with one id the last
    std::unordered_set<std::string_view> m_specialTexts;
    std::unordered_map<TokenId, std::string> m_spelled;  // what the normaliser makes of m_normalized's contents
    bool m_needsOrigin = false;
    mutable std::mutex m_mutex;
    mutable std::vector<std::unique_ptr<Work>> m_idle;  // guarded by m_mutex
};

}  // namespace lathe::text
