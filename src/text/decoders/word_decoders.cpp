// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders that put words together: WordPiece, BPEDecoder, Metaspace, CTC.
#include <algorithm>

#include "core/utf8.h"
#include "text/decoders/decoder.h"
#include "text/prepend_scheme.h"
#include "text/replace_all.h"

namespace lathe::text {

std::string cleanedUp(std::string token) {
    static constexpr std::pair<std::string_view, std::string_view> kRules[] = {
        {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},   {" n't", "n't"},
        {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
    for (const auto& [from, to] : kRules)
        if (token.find(from) != std::string::npos)
            token = replaceAll(token, from, to);
    return token;
}

namespace decoders {
namespace {

class WordPieceDecoder final : public Decoder {
public:
    WordPieceDecoder(std::string prefix, bool cleanup) : m_prefix(std::move(prefix)), m_cleanup(cleanup) {}
    void decode(std::vector<std::string>& tokens) const override {
        bool first = true;
        for (std::string& token : tokens) {
            if (!first && token.starts_with(m_prefix))
                token.erase(0, m_prefix.size());
            else if (!first)
                token = fmt::format(" {}", token);
            if (m_cleanup)
                token = cleanedUp(std::move(token));
            first = false;
        }
    }

private:
    std::string m_prefix;
    bool m_cleanup;
};

class BpeDecoder final : public Decoder {
public:
    explicit BpeDecoder(std::string suffix) : m_suffix(std::move(suffix)) {}
    void decode(std::vector<std::string>& tokens) const override {
        if (m_suffix.empty())
            return;
        for (std::size_t i = 0; i < tokens.size(); ++i)
            if (tokens[i].find(m_suffix) != std::string::npos)
                tokens[i] = replaceAll(tokens[i], m_suffix, i + 1 < tokens.size() ? " " : "");
    }

private:
    std::string m_suffix;
};

class MetaspaceDecoder final : public Decoder {
public:
    MetaspaceDecoder(std::string replacement, PrependScheme scheme)
        : m_replacement(std::move(replacement)), m_scheme(scheme) {}
    void decode(std::vector<std::string>& tokens) const override {
        bool first = true;
        for (std::string& token : tokens) {
            if (token.find(m_replacement) != std::string::npos)
                token = replaceAll(token, m_replacement, first && m_scheme != PrependScheme::Never ? "" : " ");
            first = false;
        }
    }

private:
    std::string m_replacement;
    PrependScheme m_scheme;
};

class CtcDecoder final : public Decoder {
public:
    CtcDecoder(std::string pad, std::string delimiter, bool cleanup)
        : m_pad(std::move(pad)), m_delimiter(std::move(delimiter)), m_cleanup(cleanup) {}
    void decode(std::vector<std::string>& tokens) const override {
        tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
        for (std::string& token : tokens) {
            if (!m_pad.empty())
                token = replaceAll(token, m_pad, "");
            if (m_cleanup) {
                token = cleanedUp(std::move(token));
                if (!m_delimiter.empty())
                    token = replaceAll(token, m_delimiter, " ");
            }
        }
        std::erase_if(tokens, [](const std::string& token) { return token.empty(); });
    }

private:
    std::string m_pad, m_delimiter;
    bool m_cleanup;
};

}  // namespace

Result<std::unique_ptr<Decoder>> WordPiece(const ComponentSource& source) {
    return std::make_unique<WordPieceDecoder>(source.text("prefix", "##"), source.value("cleanup", true));
}

Result<std::unique_ptr<Decoder>> BPEDecoder(const ComponentSource& source) {
    return std::make_unique<BpeDecoder>(source.text("suffix", "</w>"));
}

Result<std::unique_ptr<Decoder>> Metaspace(const ComponentSource& source) {
    const std::string replacement = source.text("replacement", "\u2581");
    if (countCodePoints(replacement) != 1)
        return source.invalid(fmt::format("its replacement \"{}\" is not one character", replacement));
    LATHE_TRY(const PrependScheme scheme, prependScheme(source));
    return std::make_unique<MetaspaceDecoder>(replacement, scheme);
}

Result<std::unique_ptr<Decoder>> CTC(const ComponentSource& source) {
    return std::make_unique<CtcDecoder>(source.text("pad_token", "<pad>"), source.text("word_delimiter_token", "|"),
                                        source.value("cleanup", true));
}

}  // namespace decoders
}  // namespace lathe::text
