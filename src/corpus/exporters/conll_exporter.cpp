// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CoNLL: a token a line, "token -X- blanks tag" as Label Studio writes it, parted by tabs; a blank line behind each
// text. The third column is _ where one blank stands between this token and the next (none beside Chinese), else it
// says in CoNLL-U's words what does, so that the text can be put together again.
#include <algorithm>
#include <tuple>

#include "core/utf8.h"
#include "corpus/detail/conll.h"
#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

using detail::TagScheme;
using detail::TokenPlace;
using detail::TokenUnit;
using Span = NewLabelling::Span;

constexpr const char* kOverlap = "labelled parts that overlap: the longer one that begins first is kept";
constexpr const char* kWithinToken = "labelled parts that begin or end within a word: the word is cut there";
constexpr const char* kBlankEnds = "labelled parts that begin or end with blanks are narrowed to their words";
constexpr const char* kOnlyBlanks = "labelled parts of nothing but blanks are not kept";
constexpr const char* kBadLabel = "labelled parts whose label has a tab or a line end are not kept";
constexpr const char* kNotLabelled = "texts whose parts nobody labelled are written as having none";

class ConllWriter final : public SampleWriter {
public:
    ConllWriter(TagScheme scheme, TokenUnit unit) : m_scheme(scheme), m_unit(unit) {}

    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        const std::string& text = outgoing.sample.text;
        if (text.find('\0') != std::string::npos) {
            losses.leftOut(detail::kZeroLoss);
            return false;
        }
        if (!outgoing.labelling.spans)
            losses.reduced(kNotLabelled);
        const std::u32string points = toCodePoints(text);
        std::vector<TokenPlace> tokens = detail::tokensOf(text, m_unit);
        const auto spans = chosen(outgoing.labelling.spans.value_or(std::vector<Span>()), points, losses);
        if (cut(tokens, spans))
            losses.reduced(kWithinToken);
        append(points, tokens, detail::tagsOf(asTokens(spans, tokens), tokens.size(), m_scheme), out);
        return true;
    }

private:
    /// Those that can be written: sorted, apart from each other, without blanks at their ends.
    static std::vector<Span> chosen(std::vector<Span> spans, const std::u32string& points, Losses& losses) {
        bool narrowed = false, overlapped = false, blank = false, bad = false;
        for (Span& span : spans) {
            const std::int32_t begin = span.begin, end = span.end;
            const auto isBlankAt = [&](std::int32_t at) {
                return detail::isTokenBlank(points[static_cast<std::size_t>(at)]);
            };
            while (span.begin < span.end && isBlankAt(span.begin))
                ++span.begin;
            while (span.end > span.begin && isBlankAt(span.end - 1))
                --span.end;
            blank |= span.begin == span.end;
            narrowed |= span.begin != span.end && (span.begin != begin || span.end != end);
            bad |= span.label.find_first_of("\t\r\n") != std::string::npos;
        }
        std::erase_if(spans, [](const Span& span) {
            return span.begin == span.end || span.label.find_first_of("\t\r\n") != std::string::npos;
        });
        std::ranges::sort(spans, {}, [](const Span& span) { return std::tuple(span.begin, -span.end, span.label); });
        std::vector<Span> kept;
        for (Span& span : spans) {
            if (!kept.empty() && span.begin < kept.back().end)
                overlapped = true;
            else
                kept.push_back(std::move(span));
        }
        for (const auto& [befell, reason] : {std::pair(overlapped, kOverlap), std::pair(narrowed, kBlankEnds),
                                             std::pair(blank, kOnlyBlanks), std::pair(bad, kBadLabel)})
            if (befell)
                losses.reduced(reason);
        return kept;
    }

    static bool cut(std::vector<TokenPlace>& tokens, const std::vector<Span>& spans) {
        std::vector<std::int32_t> borders;
        for (const Span& span : spans)
            borders.insert(borders.end(), {span.begin, span.end});
        std::ranges::sort(borders);
        std::vector<TokenPlace> pieces;
        auto border = borders.begin();
        for (TokenPlace token : tokens) {
            for (; border != borders.end() && *border < token.end; ++border)
                if (*border > token.begin) {
                    pieces.push_back({token.begin, *border});
                    token.begin = *border;
                }
            pieces.push_back(token);
        }
        const bool any = pieces.size() != tokens.size();
        tokens = std::move(pieces);
        return any;
    }

    static std::vector<detail::TokenSpan> asTokens(const std::vector<Span>& spans,
                                                   const std::vector<TokenPlace>& tokens) {
        std::vector<detail::TokenSpan> places;
        for (const Span& span : spans) {
            const auto first = std::ranges::lower_bound(tokens, span.begin, {}, &TokenPlace::begin);
            const auto last = std::ranges::lower_bound(tokens, span.end, {}, &TokenPlace::begin);
            places.push_back({static_cast<std::size_t>(first - tokens.begin()),
                              static_cast<std::size_t>(last - tokens.begin()), span.label});
        }
        return places;
    }

    static void append(const std::u32string& points, const std::vector<TokenPlace>& tokens,
                       const std::vector<std::string>& tags, std::string& out) {
        const auto part = [&](std::int32_t begin, std::int32_t end) {
            return std::u32string_view(points).substr(static_cast<std::size_t>(begin),
                                                      static_cast<std::size_t>(end - begin));
        };
        for (std::size_t t = 0; t < tokens.size(); ++t) {
            const auto [begin, end] = tokens[t];
            const bool isLast = t + 1 == tokens.size();
            std::string blanks;
            if (t == 0 && begin > 0)
                blanks = "SpacesBefore=" + detail::escapedBlanks(part(0, begin));
            const auto after = part(end, isLast ? static_cast<std::int32_t>(points.size()) : tokens[t + 1].begin);
            const bool isSpaced = !isLast && detail::isSpaced(points[static_cast<std::size_t>(end) - 1],
                                                              points[static_cast<std::size_t>(tokens[t + 1].begin)]);
            if (after != (isSpaced ? std::u32string_view(U" ") : std::u32string_view())) {
                blanks += blanks.empty() ? "" : "|";
                blanks += after.empty() ? "SpaceAfter=No" : "SpacesAfter=" + detail::escapedBlanks(after);
            }
            out += toUtf8(part(begin, end)) + "\t-X-\t" + (blanks.empty() ? "_" : blanks) + '\t' + tags[t] + '\n';
        }
        out += '\n';
    }

    TagScheme m_scheme;
    TokenUnit m_unit;
};

std::unique_ptr<SampleWriter> make(const Json& options) {
    const std::string tokens = options.at("tokens").get<std::string>();
    return std::make_unique<ConllWriter>(
        detail::tagSchemeFromName(options.at("scheme").get<std::string>()).value_or(TagScheme::Iob2),
        tokens == "characters" ? TokenUnit::Characters
        : tokens == "words"    ? TokenUnit::Words
                               : TokenUnit::WordsAndHan);
}

}  // namespace

ExporterEntry conllExporter() {
    return {.id = "conll",
            .title = "CoNLL (a token a line)",
            .purpose = "Labelled parts as a tag a word, for training taggers (NER).",
            .importer = "conll",
            .extensions = {"conll", "iob", "bio"},
            .options = {choiceOption("scheme", "Tags", "IOB2", {"IOB1", "IOB2", "IOE1", "IOE2", "BIOES"},
                                     "How tags say where a labelled part begins and ends; IOB2 is the usual one."),
                        choiceOption("tokens", "Tokens", "auto", {"auto", "words", "characters"},
                                     "What stands on a line; auto: words, and Chinese by the character.")},
            .holds = {Part::Spans},
            .make = make};
}

}  // namespace lathe::corpus
