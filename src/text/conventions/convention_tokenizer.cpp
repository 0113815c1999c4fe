// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/conventions/convention_tokenizer.h"

#include <fmt/format.h>

#include <unordered_map>

#include "text/models/bpe.h"
#include "text/models/unigram.h"
#include "text/pipeline_tokenizer.h"
#include "text/sentencepiece/sentencepiece_tokenizer.h"

namespace lathe::text {
namespace {

Result<std::shared_ptr<const Model>> makeBpe(OlderTokenizer& parts, bool byteLevel, const std::string& where) {
    std::unordered_map<std::string_view, TokenId> ids;
    ids.reserve(parts.tokens.size());
    for (std::size_t id = 0; id < parts.tokens.size(); ++id)
        ids.insert_or_assign(parts.tokens[id], static_cast<TokenId>(id));
    BpeSpec spec;
    spec.merges.reserve(parts.merges.size());
    for (const auto& [left, right] : parts.merges) {
        const auto leftId = ids.find(left);
        const auto rightId = ids.find(right);
        if (leftId == ids.end() || rightId == ids.end())
            return fail(
                ErrorCode::InvalidInput,
                fmt::format("{}: the merge \"{} {}\" is of tokens that are not in the vocabulary", where, left, right));
        spec.merges.push_back({leftId->second, rightId->second, static_cast<std::uint32_t>(spec.merges.size())});
    }
    spec.tokens = std::move(parts.tokens);
    spec.unknownToken = parts.unknownToken;
    spec.fuseUnknown = parts.fuseUnknown;
    spec.byteFallback = parts.byteFallback;
    spec.byteLevel = byteLevel;
    LATHE_TRY(auto model, Bpe::make(std::move(spec), where));
    return std::shared_ptr<const Model>(std::move(model));
}

Result<std::shared_ptr<const Model>> makeUnigram(OlderTokenizer& parts, const std::string& where) {
    UnigramSpec spec;
    spec.tokens = std::move(parts.tokens);
    spec.scores = std::move(parts.scores);
    spec.unknown = parts.unknown;
    spec.byteFallback = parts.byteFallback;
    LATHE_TRY(auto model, Unigram::make(std::move(spec), where));
    return std::shared_ptr<const Model>(std::move(model));
}

SpecialTokens specialTokens(const ConventionBuilder& builder) {
    const auto id = [&](const char* key) { return builder.id(builder.named(key)); };
    SpecialTokens special;
    special.pad = id("pad_token");
    special.unknown = id("unk_token");
    special.bos = id("bos_token");
    special.eos = id("eos_token");
    special.cls = id("cls_token");
    special.sep = id("sep_token");
    special.mask = id("mask_token");
    return special;
}

Result<PipelineSpec> assemble(ConventionBuilder& builder, const std::string& where) {
    OlderTokenizer& parts = builder.out;
    PipelineSpec spec;
    spec.special = specialTokens(builder);
    if (spec.special.unknown < 0)
        spec.special.unknown = parts.unknown;
    for (const auto& [id, token] : parts.added)
        spec.added.push_back(
            {token.content, id, token.singleWord, token.stripLeft, token.stripRight, token.special, token.normalized});
    if (!parts.normalizer.is_null()) {
        LATHE_TRY(spec.normalizer, makeNormalizer(parts.normalizer, where));
    }
    if (!parts.preTokenizer.is_null()) {
        LATHE_TRY(spec.preTokenizer, makePreTokenizer(parts.preTokenizer, where));
    }
    if (!parts.postProcessor.is_null()) {
        LATHE_TRY(const auto processor, makePostProcessor(parts.postProcessor, where));
        LATHE_CHECK(processor->describe(spec.postProcessing));
    }
    if (!parts.decoder.is_null()) {
        LATHE_TRY(spec.decoder, makeDecoder(parts.decoder, where));
    }
    const bool unigram = !parts.scores.empty();
    const bool byteLevel = !unigram && !parts.byteFallback && spec.preTokenizer && spec.preTokenizer->leaveBytes();
    spec.kind = unigram ? "unigram" : "bpe";
    LATHE_TRY(spec.model, unigram ? makeUnigram(parts, where) : makeBpe(parts, byteLevel, where));
    return spec;
}

/// A family's pipeline fits a model of its own algorithm alone.
bool fits(const Convention& convention, const SentencePieceFile& pieces) {
    const bool bpe = std::string_view(convention.id) == "llama" || std::string_view(convention.id) == "gemma";
    return pieces.algorithm == (bpe ? PieceAlgorithm::Bpe : PieceAlgorithm::Unigram) && (bpe || !pieces.byteFallback) &&
           !pieces.treatWhitespaceAsSuffix && pieces.normalizer.escapeWhitespaces;
}

}  // namespace

std::string sentencePieceFileName(const TokenizerFiles& files) {
    for (const char* name :
         {"tokenizer.model", "spiece.model", "spm.model", "sentencepiece.bpe.model", "sentencepiece.model"})
        if (files.has(name))
            return name;
    return "";
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFromPieces(TokenizerFiles files) {
    const std::string name = sentencePieceFileName(files);
    const std::string where = files.pathOf(name);
    LATHE_TRY(const OlderFolder folder, OlderFolder::read(files));
    LATHE_TRY(SentencePieceFile pieces, parseSentencePieceFile(*files.bytes(name), where));
    const Convention* convention = findConvention(folder, /*fromPieces=*/true);
    // Models that must not let a text write their control tokens are run as they are.
    if (convention == nullptr || !fits(*convention, pieces) || folder.flag("split_special_tokens", false))
        return SentencePieceTokenizer::make(std::make_shared<SentencePieceModel>(std::move(pieces)), std::move(files));
    ConventionBuilder builder(folder, &pieces);
    LATHE_CHECK(convention->build(builder));
    LATHE_TRY(PipelineSpec spec, assemble(builder, where));
    return PipelineTokenizer::make(std::move(spec), std::move(files));
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFromMerges(TokenizerFiles files) {
    const std::string where = files.pathOf("vocab.json");
    LATHE_TRY(const OlderFolder folder, OlderFolder::read(files));
    const Convention* convention = findConvention(folder, /*fromPieces=*/false);
    if (convention == nullptr)
        return fail(
            ErrorCode::Unsupported,
            folder.tokenizerClass().empty() && folder.modelType().empty()
                ? fmt::format("{}: neither tokenizer_config.json's tokenizer_class nor config.json's model_type "
                              "says how to read it",
                              where)
                : fmt::format("{}: tokenizer class \"{}\" of model type \"{}\" is not supported for vocab.json "
                              "and merges.txt; a tokenizer.json beside it would do",
                              where, folder.tokenizerClass(), folder.modelType()));
    ConventionBuilder builder(folder, nullptr);
    LATHE_CHECK(convention->build(builder));
    LATHE_TRY(PipelineSpec spec, assemble(builder, where));
    return PipelineTokenizer::make(std::move(spec), std::move(files));
}

}  // namespace lathe::text
