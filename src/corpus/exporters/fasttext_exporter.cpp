// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// fastText: a line a sample, its labels as words that begin with "__label__" before the text.
// \source https://fasttext.cc/docs/en/supervised-tutorial.html
#include <algorithm>

#include "corpus/detail/project_cells.h"

namespace lathe::corpus {
namespace {

constexpr std::string_view kPrefix = "__label__";
constexpr std::string_view kBlank = " \t";

constexpr const char* kLineEnds = "line ends within a text become blanks";
constexpr const char* kLabelBlanks = "blanks within a label become _";
constexpr const char* kOuterBlanks = "blanks at the ends of a text are lost";
constexpr const char* kLooksLikeLabel = "texts that begin or end with __label__ would be read as labels";
constexpr const char* kOneOfSet = "a set of one label, or of none, is read back as a single label, or as none";

class FastTextWriter final : public SampleWriter {
public:
    bool write(const OutgoingSample& outgoing, std::string& out, Losses& losses) override {
        const std::string& text = outgoing.sample.text;
        if (text.find('\0') != std::string::npos) {
            losses.leftOut(detail::kZeroLoss);
            return false;
        }
        std::string line = text;
        std::ranges::replace_if(
            line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
        const std::size_t first = line.find_first_not_of(kBlank), last = line.find_last_not_of(kBlank);
        if (first == std::string::npos || isLabelAt(line, first) ||
            isLabelAt(line, line.find_last_of(kBlank, last) + 1)) {
            losses.leftOut(kLooksLikeLabel);
            return false;
        }
        if (line != text)
            losses.reduced(kLineEnds);
        if (first > 0 || last + 1 < line.size())
            losses.reduced(kOuterBlanks);
        bool blanks = false;
        const auto add = [&](std::string name) {
            const auto isBlank = [](unsigned char c) { return c <= ' '; };
            blanks |= std::ranges::any_of(name, isBlank);
            std::ranges::replace_if(name, isBlank, '_');
            out += std::string(kPrefix) + name + ' ';
        };
        if (!outgoing.label.empty())
            add(outgoing.label);
        if (const auto& labels = outgoing.labelling.labels) {
            std::ranges::for_each(*labels, add);
            if (labels->size() < 2)
                losses.reduced(kOneOfSet);
        }
        if (blanks)
            losses.reduced(kLabelBlanks);
        out.append(line, first, last + 1 - first);
        out += '\n';
        return true;
    }

private:
    static bool isLabelAt(const std::string& line, std::size_t at) {
        return std::string_view(line).substr(at).starts_with(kPrefix);
    }
};

}  // namespace

ExporterEntry fastTextExporter() {
    return {.id = "fasttext",
            .title = "fastText (__label__)",
            .purpose = "A line a text with its labels in front, for training fastText.",
            .importer = "fasttext",
            .extensions = {"ft", "txt"},
            .holds = {Part::Label, Part::LabelSet},
            .make = [](const Json&) { return std::make_unique<FastTextWriter>(); }};
}

}  // namespace lathe::corpus
