// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/workbook.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "core/files.h"
#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;
constexpr std::size_t kMaxStyles = 100'000;  ///< Excel allows 65 490

class WorkbookPart final : public XmlHandler {
public:
    struct Entry {
        std::string name, id;
        bool isHidden = false;
    };
    std::vector<Entry> sheets;
    bool from1904 = false;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "sheet")
            sheets.push_back({std::string(attributes["name"]), std::string(attributes["id"]),
                              !attributes["state"].empty() && attributes["state"] != "visible"});
        else if (name == "workbookPr")
            from1904 = attributes["date1904"] == "1" || attributes["date1904"] == "true";
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

class RelationsPart final : public XmlHandler {
public:
    std::map<std::string, std::string> sheets;  ///< id to member of the archive
    std::string texts, styles;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "Relationship")
            return;
        const std::string_view type = attributes["Type"], target = attributes["Target"];
        const std::string part = target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
        if (type.ends_with("/worksheet"))
            sheets.emplace(attributes["Id"], part);
        else if (type.ends_with("/sharedStrings"))
            texts = part;
        else if (type.ends_with("/styles"))
            styles = part;
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

// Texts in several fonts come in pieces; how they are pronounced (rPh) is not a part of them.
class TextsPart final : public XmlHandler {
public:
    TextsPart(std::string& texts, std::vector<std::size_t>& ends) : m_texts(texts), m_ends(ends) {}
    bool isTooLarge() const { return m_texts.size() > kMaxTextBytes || m_piece.size() > kMaxTextBytes; }

    void start(std::string_view name, const XmlAttributes&) override {
        m_inPhonetic = m_inPhonetic || name == "rPh";
        m_inText = name == "t" && !m_inPhonetic;
    }
    void end(std::string_view name) override {
        m_inText = false;
        if (name == "rPh")
            m_inPhonetic = false;
        if (name != "si")
            return;
        m_texts += m_piece.find("_x") == std::string::npos ? m_piece : unescaped(m_piece);
        m_ends.push_back(m_texts.size());
        m_piece.clear();
    }
    void text(std::string_view text) override {
        if (m_inText && !isTooLarge())
            m_piece += text;
    }

private:
    std::string& m_texts;
    std::vector<std::size_t>& m_ends;
    std::string m_piece;
    bool m_inText = false, m_inPhonetic = false;
};

// The formats that every program knows by number; those of Chinese and Japanese systems (27 to 36, 50 to 58) too.
NumberKind kindOfKnownFormat(int id) {
    const auto in = [id](int first, int last) { return id >= first && id <= last; };
    if (in(14, 17) || in(27, 31) || id == 36 || in(50, 54) || in(57, 58))
        return NumberKind::Date;
    if (in(18, 21) || in(32, 35) || id == 45 || id == 47 || in(55, 56))
        return NumberKind::Time;
    if (id == 22)
        return NumberKind::DateTime;
    return id == 46 ? NumberKind::Duration : NumberKind::Plain;
}

int toInt(std::string_view text) {
    int value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class StylesPart final : public XmlHandler {
public:
    explicit StylesPart(std::vector<NumberKind>& styles) : m_styles(styles) {}

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "numFmt" && m_formats.size() < kMaxStyles) {
            m_formats[toInt(attributes["numFmtId"])] = kindOfFormat(attributes["formatCode"]);
        } else if (name == "cellXfs") {
            m_inCells = true;
        } else if (name == "xf" && m_inCells && m_styles.size() < kMaxStyles) {
            const int id = toInt(attributes["numFmtId"]);
            const auto own = m_formats.find(id);
            m_styles.push_back(own == m_formats.end() ? kindOfKnownFormat(id) : own->second);
        }
    }
    void end(std::string_view name) override { m_inCells = m_inCells && name != "cellXfs"; }
    void text(std::string_view) override {}

private:
    std::vector<NumberKind>& m_styles;
    std::map<int, NumberKind> m_formats;
    bool m_inCells = false;
};

}  // namespace

Result<std::shared_ptr<Workbook>> Workbook::open(const std::filesystem::path& file) {
    auto book = std::make_shared<Workbook>();
    LATHE_TRY(book->m_archive, ZipArchive::open(file));
    std::error_code code;
    const auto size = std::filesystem::file_size(file, code);
    book->m_budget = std::make_shared<UnpackBudget>(code ? 0 : static_cast<std::int64_t>(size));
    LATHE_CHECK(book->readParts());
    return book;
}

Result<> Workbook::readParts() {
    const std::string name = m_archive->file().filename().string();
    WorkbookPart book;
    RelationsPart relations;
    LATHE_CHECK(parse("xl/workbook.xml", book));
    LATHE_CHECK(parse("xl/_rels/workbook.xml.rels", relations));
    m_from1904 = book.from1904;
    for (auto& entry : book.sheets) {
        const auto part = relations.sheets.find(entry.id);
        if (part != relations.sheets.end() && m_archive->find(part->second))
            m_sheets.push_back({std::move(entry.name), part->second, entry.isHidden});
    }
    if (m_sheets.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{} has no sheet with a table", name));
    if (m_archive->find(relations.styles)) {
        StylesPart styles(m_styles);
        LATHE_CHECK(parse(relations.styles, styles));
    }
    m_textsPart = relations.texts;
    return {};
}

Result<> Workbook::readTexts() {
    if (!m_archive->find(m_textsPart) || !m_textEnds.empty())
        return {};
    TextsPart texts(m_texts, m_textEnds);
    LATHE_CHECK(parse(m_textsPart, texts));
    if (texts.isTooLarge())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} holds more than {} of different texts; save its sheets as CSV and import those",
                                m_archive->file().filename().string(), humanBytes(kMaxTextBytes)));
    return {};
}

Result<> Workbook::parse(const std::string& part, XmlHandler& handler) const {
    const std::string name = m_archive->file().filename().string();
    const ZipMember* const member = m_archive->find(part);
    if (!member || !member->problem.empty())
        return fail(ErrorCode::Parse, fmt::format("{} lacks its part {}{}{}; save the workbook again", name, part,
                                                  member ? ": " : "", member ? member->problem : ""));
    LATHE_TRY(const auto source, m_archive->read(*member));
    XmlParser parser(handler, fmt::format("{} in {}", part, name));
    std::vector<char> piece(kPiece);
    for (;;) {
        LATHE_TRY(const std::size_t got, source->read(piece.data(), piece.size()));
        LATHE_CHECK(m_budget->spend(static_cast<std::int64_t>(got), name));
        LATHE_CHECK(parser.feed({piece.data(), got}, got == 0));
        if (got == 0)
            return {};
    }
}

Result<Workbook::Sheet> Workbook::sheet(const std::string& name) const {
    const auto found = name.empty() ? std::ranges::find(m_sheets, false, &Sheet::isHidden)
                                    : std::ranges::find(m_sheets, name, &Sheet::name);
    if (found != m_sheets.end())
        return *found;
    if (name.empty())
        return m_sheets.front();
    std::vector<std::string> names;
    for (const Sheet& sheet : m_sheets)
        names.push_back(sheet.name);
    return fail(ErrorCode::InvalidInput,
                fmt::format("the workbook has no sheet \"{}\"; it has: {}", name, fmt::join(names, ", ")));
}

std::string_view Workbook::sharedText(std::size_t index) const {
    if (index >= m_textEnds.size())
        return {};
    const std::size_t begin = index == 0 ? 0 : m_textEnds[index - 1];
    return std::string_view(m_texts).substr(begin, m_textEnds[index] - begin);
}

NumberKind Workbook::numberKind(std::size_t style) const {
    return style < m_styles.size() ? m_styles[style] : NumberKind::Plain;
}

}  // namespace lathe::corpus::detail
