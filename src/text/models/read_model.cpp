// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/models/read_model.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/models/bpe.h"
#include "text/models/unigram.h"
#include "text/models/word_models.h"

namespace lathe::text {
namespace {

/// A merge as ["a", "b"] or "a b". \returns InvalidInput.
Result<std::pair<std::string_view, std::string_view>> mergeParts(const ComponentJson& merge, const std::string& where) {
    if (merge.is_array() && merge.size() == 2)
        return std::pair<std::string_view, std::string_view>(merge[0].get_ref<const std::string&>(),
                                                             merge[1].get_ref<const std::string&>());
    if (merge.is_string()) {
        const std::string_view line = merge.get_ref<const std::string&>();
        const std::size_t space = line.find(' ');
        if (space != std::string_view::npos && line.find(' ', space + 1) == std::string_view::npos)
            return std::pair(line.substr(0, space), line.substr(space + 1));
    }
    return fail(ErrorCode::InvalidInput,
                fmt::format("{}: {} is no merge of two tokens", where,
                            merge.dump(-1, ' ', true, ComponentJson::error_handler_t::replace).substr(0, 100)));
}

bool isVersionLine(const ComponentJson& merge) {
    return merge.is_string() && merge.get_ref<const std::string&>().starts_with("#version");
}

Result<std::shared_ptr<const Model>> readBpe(const ComponentSource& source, bool bytes) {
    BpeSpec spec;
    LATHE_TRY(spec.tokens, readVocabulary(source.value("vocab", ComponentJson()), source.where));
    spec.unknownToken = source.text("unk_token", "");
    spec.fuseUnknown = source.value("fuse_unk", false);
    spec.byteFallback = source.value("byte_fallback", false);
    spec.ignoreMerges = source.value("ignore_merges", false);
    spec.continuingPrefix = source.text("continuing_subword_prefix", "");
    spec.wordSuffix = source.text("end_of_word_suffix", "");
    spec.byteLevel = bytes;
    const Vocabulary ids(spec.tokens);
    for (const ComponentJson& merge : source.json.at("merges")) {
        if (isVersionLine(merge))
            continue;
        LATHE_TRY(const auto parts, mergeParts(merge, source.where));
        const BpeMerge found{ids.find(parts.first), ids.find(parts.second),
                             static_cast<std::uint32_t>(spec.merges.size())};
        if (found.left < 0 || found.right < 0)
            return source.invalid(fmt::format("merge {} joins \"{}\", which is not in the vocabulary", found.rank,
                                              found.left < 0 ? parts.first : parts.second));
        spec.merges.push_back(found);
    }
    return Bpe::make(std::move(spec), source.where);
}

Result<std::shared_ptr<const Model>> readUnigram(const ComponentSource& source) {
    UnigramSpec spec;
    for (const ComponentJson& entry : source.json.at("vocab")) {
        spec.tokens.push_back(entry.at(0).get<std::string>());
        spec.scores.push_back(entry.at(1).get<double>());
    }
    spec.byteFallback = source.value("byte_fallback", false);
    const auto unknown = source.value<std::int64_t>("unk_id", -1);
    if (unknown < -1 || unknown >= static_cast<std::int64_t>(spec.tokens.size()))
        return source.invalid(fmt::format("unk_id {} is outside the vocabulary of {}", unknown, spec.tokens.size()));
    spec.unknown = static_cast<TokenId>(unknown);
    return Unigram::make(std::move(spec), source.where);
}

Result<std::shared_ptr<const Model>> readWords(const ComponentSource& source, bool pieces) {
    LATHE_TRY(const auto tokens, readVocabulary(source.value("vocab", ComponentJson()), source.where));
    const std::string unknown = source.text("unk_token", pieces ? "[UNK]" : "<unk>");
    if (!pieces)
        return std::make_shared<const WordLevel>(tokens, unknown);
    const auto longest = source.value<std::int64_t>("max_input_chars_per_word", 100);
    return WordPiece::make(tokens, unknown, source.text("continuing_subword_prefix", "##"),
                           static_cast<std::size_t>(std::max<std::int64_t>(longest, 0)), source.where);
}

}  // namespace

std::string modelType(const ComponentJson& model) {
    if (!model.is_object() || model.contains("type"))
        return componentType(model);
    if (model.contains("merges"))
        return "BPE";
    if (model.contains("vocab") && model["vocab"].is_array())
        return "Unigram";
    return model.contains("continuing_subword_prefix") ? "WordPiece" : "WordLevel";
}

bool takesBytes(const ComponentJson& model) {
    const auto unset = [&](const char* key) {
        return !model.contains(key) || model[key].is_null() || model[key] == "" || model[key] == false;
    };
    return modelType(model) == "BPE" && unset("continuing_subword_prefix") && unset("end_of_word_suffix") &&
           unset("byte_fallback");
}

Result<std::vector<std::string>> readVocabulary(const ComponentJson& vocabulary, const std::string& where) {
    if (!vocabulary.is_object() || vocabulary.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{}: the vocabulary is missing or empty", where));
    // Ids far beyond the number of tokens would only make room for holes.
    const auto limit = static_cast<std::int64_t>(vocabulary.size()) * 4 + 65536;
    std::vector<std::string> tokens(vocabulary.size());
    for (const auto& [token, value] : vocabulary.items()) {
        const std::int64_t id = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        if (id < 0 || id > limit)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: token \"{}\" has no usable id", where, clipUtf8(token, 100)));
        if (static_cast<std::size_t>(id) >= tokens.size())
            tokens.resize(static_cast<std::size_t>(id) + 1);
        tokens[static_cast<std::size_t>(id)] = token;
    }
    return tokens;
}

Result<std::shared_ptr<const Model>> readModel(const ComponentJson& model, bool bytes, const std::string& where) {
    const std::string type = modelType(model);
    const ComponentSource source{model, fmt::format("{} {}", where, type)};
    try {
        if (type == "BPE")
            return readBpe(source, bytes);
        if (type == "Unigram")
            return readUnigram(source);
        if (type == "WordPiece" || type == "WordLevel")
            return readWords(source, type == "WordPiece");
    } catch (const ComponentJson::exception& e) {
        return fail(ErrorCode::Parse, fmt::format("{}: a value is missing or has an unexpected type", source.where),
                    e.what());
    }
    return fail(ErrorCode::Unsupported, fmt::format("{} \"{}\" is not supported", where, type));
}

}  // namespace lathe::text
