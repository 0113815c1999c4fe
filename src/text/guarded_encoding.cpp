// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/guarded_encoding.h"

#include <algorithm>
#include <set>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 256u << 20;

bool looksLikeControl(const std::string& content) {
    return content.size() > 4 && content.starts_with("<|") && content.ends_with("|>");
}

/// A token's text: a string, or an object with "content".
std::string contentOf(const Json& token) {
    if (token.is_string())
        return token.get<std::string>();
    const auto content = token.is_object() ? token.find("content") : token.end();
    return token.is_object() && content != token.end() && content->is_string() ? content->get<std::string>() : "";
}

void addAddedTokens(const Json& tokens, std::set<std::string>& found) {
    for (const Json& token : tokens) {
        const std::string content = contentOf(token);
        const bool special = token.is_object() && token.contains("special") && token["special"] == true;
        if (!content.empty() && (special || looksLikeControl(content)))
            found.insert(content);
    }
}

/// bos_token, additional_special_tokens ... of special_tokens_map.json or tokenizer_config.json.
void addNamedTokens(const Json& config, std::set<std::string>& found) {
    if (!config.is_object())
        return;
    for (const auto& [key, value] : config.items()) {
        if (key == "additional_special_tokens" || key == "extra_special_tokens") {
            for (const Json& token : value)
                found.insert(contentOf(token));
        } else if (key.ends_with("_token")) {
            found.insert(contentOf(value));
        } else if (key == "added_tokens_decoder") {
            addAddedTokens(value, found);
        }
    }
}

/// Where the array that begins at \p open ends: behind its bracket; npos if it does not.
std::size_t arrayEnd(std::string_view text, std::size_t open) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = open; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if ((c == ']' || c == '}') && --depth == 0) {
            return i + 1;
        }
    }
    return std::string_view::npos;
}

/// "added_tokens" of a tokenizer.json, without building its vocabulary of many megabytes.
Json addedTokensOf(std::string_view file) {
    constexpr std::string_view kKey = "\"added_tokens\"";
    for (std::size_t at = file.find(kKey); at != std::string_view::npos; at = file.find(kKey, at + 1)) {
        std::size_t open = file.find_first_not_of(" \t\r\n:", at + kKey.size());
        if (open == std::string_view::npos || file[open] != '[')
            continue;  // a word of the vocabulary that is spelled so
        const std::size_t end = arrayEnd(file, open);
        if (end == std::string_view::npos)
            break;
        if (auto tokens = parseJson(file.substr(open, end - open), "added_tokens"))
            return std::move(*tokens);
    }
    return Json::array();
}

bool touches(std::span<const ByteRange> foreign, std::size_t begin, std::size_t end) {
    const auto range = std::ranges::upper_bound(foreign, begin, {}, &ByteRange::end);
    return range != foreign.end() && range->begin < end;
}

}  // namespace

std::vector<std::string> controlTokensIn(const std::filesystem::path& folder) {
    std::set<std::string> found;
    if (const auto file = readFile(folder / "tokenizer.json", kMaxFileBytes))
        addAddedTokens(addedTokensOf(*file), found);
    for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"})
        if (const auto config = readJsonFile(folder / name))
            addNamedTokens(*config, found);
    if (const auto added = readJsonFile(folder / "added_tokens.json"); added && added->is_object())
        for (const auto& [content, id] : added->items())
            if (looksLikeControl(content))
                found.insert(content);
    found.erase("");
    return {found.begin(), found.end()};
}

GuardedEncoding::GuardedEncoding(const Tokenizer& tokenizer, const std::vector<std::string>& spellings) {
    std::set<std::string> all(spellings.begin(), spellings.end());
    const SpecialTokens special = tokenizer.special();
    for (const TokenId id :
         {special.pad, special.unknown, special.bos, special.eos, special.cls, special.sep, special.mask})
        if (id >= 0)
            all.insert(tokenizer.token(id));
    all.erase("");
    for (const std::string& spelling : all) {
        const auto id = tokenizer.find(spelling);
        if (!id)
            continue;
        const std::vector<TokenId> ids = tokenizer.encode(spelling, false).ids;
        m_controls.push_back({spelling, *id, ids.size() == 1 && ids.front() == *id});
        m_begins[static_cast<unsigned char>(spelling.front())] = true;
    }
    std::ranges::stable_sort(m_controls, std::ranges::greater(),
                             [](const Control& one) { return one.spelling.size(); });
}

const GuardedEncoding::Control* GuardedEncoding::controlAt(std::string_view text, std::size_t pos) const {
    if (!m_begins[static_cast<unsigned char>(text[pos])])
        return nullptr;
    const auto found = std::ranges::find_if(
        m_controls, [&](const Control& one) { return text.substr(pos).starts_with(one.spelling); });
    return found == m_controls.end() ? nullptr : &*found;
}

bool GuardedEncoding::isControl(TokenId id) const {
    return std::ranges::any_of(m_controls, [&](const Control& one) { return one.id == id; });
}

std::vector<TokenId> GuardedEncoding::encode(const Tokenizer& tokenizer, std::string_view text,
                                             std::span<const ByteRange> foreign) const {
    std::vector<TokenId> ids;
    std::size_t begin = 0;  // of what has no ids yet
    const auto encodeUpTo = [&](std::size_t end) {
        if (end > begin) {
            const std::vector<TokenId> part = tokenizer.encode(text.substr(begin, end - begin), false).ids;
            ids.insert(ids.end(), part.begin(), part.end());
        }
        begin = end;
    };
    for (std::size_t pos = 0; pos < text.size();) {
        const Control* control = controlAt(text, pos);
        if (!control) {
            ++pos;
            continue;
        }
        const std::size_t end = pos + control->spelling.size();
        const bool forged = touches(foreign, pos, end);
        if (forged && control->foundByTokenizer) {
            std::size_t cut = pos;
            nextCodePoint(text, cut);
            encodeUpTo(std::min(cut, end));
        } else if (!forged && !control->foundByTokenizer) {
            encodeUpTo(pos);
            ids.push_back(control->id);
            begin = end;
        }
        pos = forged ? pos + 1 : end;  // another one may begin inside a forged one
    }
    encodeUpTo(text.size());
    return ids;
}

}  // namespace lathe::text
