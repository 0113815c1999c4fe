// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/html_text.h"

#include <fmt/format.h>
#include <gumbo.h>
#include <setjmp.h>

#include <algorithm>
#include <cstdlib>

#include "core/files.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

// The parser's memory: taken from the system in pieces, and given back all at once. It has an end, because a page can
// be written that grows without one: each paragraph repeats the open <b id=1><b id=2>... before it. Freeing the tree
// the parser's own way would also recurse as deep as the page is nested.
class Arena {
public:
    Arena(std::size_t limit, std::chrono::milliseconds patience)
        : m_deadline(std::chrono::steady_clock::now() + patience), m_limit(limit) {}
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;
    ~Arena() {
        for (char* piece : m_pieces)
            std::free(piece);
    }
    jmp_buf refused;  ///< where to go when a limit is reached: the parser is C and takes no refusal
    bool isLate = false;

    static void* allocate(void* self, std::size_t size) {
        auto& arena = *static_cast<Arena*>(self);
        void* const got = arena.take(size);
        if (!got)
            ::longjmp(arena.refused, 1);
        return got;
    }
    static void release(void*, void*) {}

private:
    void* take(std::size_t size) noexcept {
        constexpr std::size_t kAlign = alignof(std::max_align_t), kPiece = 1 << 20;
        constexpr unsigned kCheckEvery = 256;
        if (++m_calls % kCheckEvery == 0 && std::chrono::steady_clock::now() > m_deadline) {
            isLate = true;
            return nullptr;
        }
        size = (size + kAlign - 1) / kAlign * kAlign;
        if (size > m_left) {
            const std::size_t piece = std::max(size, kPiece);
            if (piece > m_limit - std::min(m_limit, m_taken))
                return nullptr;
            char* const memory = static_cast<char*>(std::malloc(piece));
            if (!memory)
                return nullptr;
            m_pieces.push_back(memory);
            m_taken += piece;
            m_at = memory;
            m_left = piece;
        }
        char* const got = m_at;
        m_at += size;
        m_left -= size;
        return got;
    }

    std::chrono::steady_clock::time_point m_deadline;
    unsigned m_calls = 0;
    std::vector<char*> m_pieces;
    char* m_at = nullptr;
    std::size_t m_left = 0, m_taken = 0, m_limit;
};

// Nothing with a destructor may live between setjmp and the parser.
const GumboOutput* parse(std::string_view html, Arena& arena) {
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = Arena::allocate;
    options.deallocator = Arena::release;
    options.userdata = &arena;
    options.max_errors = 0;
    if (::setjmp(arena.refused) != 0)
        return nullptr;
    return ::gumbo_parse_with_options(&options, html.data(), html.size());
}

enum class Kind { Inline, Line, Block, Hidden };

Kind kindOf(const GumboElement& element) {
    if (::gumbo_get_attribute(&element.attributes, "hidden"))
        return Kind::Hidden;
    switch (element.tag) {
        case GUMBO_TAG_SCRIPT:
        case GUMBO_TAG_STYLE:
        case GUMBO_TAG_HEAD:
        case GUMBO_TAG_NOSCRIPT:
        case GUMBO_TAG_TEMPLATE:
        case GUMBO_TAG_IFRAME:
        case GUMBO_TAG_OBJECT:
        case GUMBO_TAG_CANVAS:
        case GUMBO_TAG_AUDIO:
        case GUMBO_TAG_VIDEO:
        case GUMBO_TAG_SVG:
        case GUMBO_TAG_SELECT:
        case GUMBO_TAG_TEXTAREA:
            return Kind::Hidden;
        case GUMBO_TAG_P:
        case GUMBO_TAG_H1:
        case GUMBO_TAG_H2:
        case GUMBO_TAG_H3:
        case GUMBO_TAG_H4:
        case GUMBO_TAG_H5:
        case GUMBO_TAG_H6:
        case GUMBO_TAG_PRE:
        case GUMBO_TAG_BLOCKQUOTE:
        case GUMBO_TAG_TABLE:
        case GUMBO_TAG_UL:
        case GUMBO_TAG_OL:
        case GUMBO_TAG_DL:
        case GUMBO_TAG_HR:
        case GUMBO_TAG_ARTICLE:
        case GUMBO_TAG_SECTION:
        case GUMBO_TAG_FIGURE:
            return Kind::Block;
        case GUMBO_TAG_DIV:
        case GUMBO_TAG_LI:
        case GUMBO_TAG_DT:
        case GUMBO_TAG_DD:
        case GUMBO_TAG_TR:
        case GUMBO_TAG_CAPTION:
        case GUMBO_TAG_FIGCAPTION:
        case GUMBO_TAG_ADDRESS:
        case GUMBO_TAG_ASIDE:
        case GUMBO_TAG_FOOTER:
        case GUMBO_TAG_HEADER:
        case GUMBO_TAG_MAIN:
        case GUMBO_TAG_NAV:
        case GUMBO_TAG_FORM:
        case GUMBO_TAG_FIELDSET:
        case GUMBO_TAG_DETAILS:
        case GUMBO_TAG_SUMMARY:
        case GUMBO_TAG_BODY:
            return Kind::Line;
        default:
            return Kind::Inline;
    }
}

class Writer {
public:
    explicit Writer(HtmlText& out) : m_out(out) {}

    void enter(const GumboElement& element, Kind kind) {
        if (kind == Kind::Block)
            breakBlock();
        if (kind == Kind::Line)
            endLine();
        switch (element.tag) {
            case GUMBO_TAG_PRE:
                ++m_preformatted;
                break;
            case GUMBO_TAG_BR:
                m_text += '\n';
                m_blank = false;
                break;
            case GUMBO_TAG_TABLE:
                ++m_inside;
                break;
            case GUMBO_TAG_UL:
            case GUMBO_TAG_DL:
                ++m_inside;
                m_numbers.push_back(0);
                break;
            case GUMBO_TAG_OL: {
                const GumboAttribute* const start = ::gumbo_get_attribute(&element.attributes, "start");
                ++m_inside;
                m_numbers.push_back(start ? std::max(1, std::atoi(start->value)) : 1);
                break;
            }
            case GUMBO_TAG_LI:
                m_mark = m_numbers.empty() || m_numbers.back() == 0 ? "- " : fmt::format("{}. ", m_numbers.back()++);
                break;
            case GUMBO_TAG_TR:
                m_cells = 0;
                break;
            case GUMBO_TAG_TD:
            case GUMBO_TAG_TH:
                if (m_cells++ > 0)
                    m_mark += m_text.empty() || m_text.back() == '\n' ? "| " : " | ";
                break;
            default:
                break;
        }
    }
    void leave(const GumboElement& element, Kind kind) {
        if (element.tag == GUMBO_TAG_PRE)
            --m_preformatted;
        const bool isList = element.tag == GUMBO_TAG_UL || element.tag == GUMBO_TAG_OL || element.tag == GUMBO_TAG_DL;
        if (isList || element.tag == GUMBO_TAG_TABLE)
            --m_inside;
        if (isList)
            m_numbers.pop_back();
        if (element.tag == GUMBO_TAG_LI || element.tag == GUMBO_TAG_TR)
            m_mark.clear();
        if (kind == Kind::Block)
            breakBlock();
        if (kind == Kind::Line)
            endLine();
    }
    void text(const GumboText& node) {
        std::string_view rest = node.text;
        while (!rest.empty()) {
            const bool isNoBreak = rest.starts_with("\xC2\xA0");
            const char c = isNoBreak ? ' ' : rest.front();
            rest.remove_prefix(isNoBreak ? 2 : 1);
            const bool isBlank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
            if (isBlank && m_preformatted == 0) {
                m_blank = true;
                continue;
            }
            if (m_line == 0 && !isBlank)
                m_line = node.start_pos.line;
            if (!m_mark.empty() && !isBlank) {
                m_text += m_mark;
                m_mark.clear();
                m_blank = false;
            }
            if (m_blank && !m_text.empty() && m_text.back() != '\n' && m_text.back() != ' ')
                m_text += ' ';
            m_blank = false;
            m_text += c;
        }
    }
    void breakBlock() {
        if (m_inside > 0)  // paragraphs within a cell or an item stay in it
            return endLine();
        endLine();
        std::size_t begin = std::min(m_text.find_first_not_of('\n'), m_text.size());
        const std::size_t end = m_text.find_last_not_of(" \t\n");
        if (end != std::string::npos && begin <= end)
            m_out.blocks.push_back({m_line, m_text.substr(begin, end + 1 - begin)});
        m_text.clear();
        m_line = 0;
    }

private:
    void endLine() {
        m_blank = false;
        while (m_preformatted == 0 && !m_text.empty() && m_text.back() == ' ')
            m_text.pop_back();
        if (!m_text.empty() && m_text.back() != '\n')
            m_text += '\n';
    }

    HtmlText& m_out;
    std::string m_text;  ///< of the present block
    std::string m_mark;  ///< stands before the next text: of an item, between cells
    std::vector<int> m_numbers;
    std::int64_t m_line = 0;
    int m_preformatted = 0, m_inside = 0, m_cells = 0;
    bool m_blank = false;
};

std::string titleOf(const GumboNode& root) {
    for (unsigned i = 0; i < root.v.element.children.length; ++i) {
        const auto& head = *static_cast<const GumboNode*>(root.v.element.children.data[i]);
        if (head.type != GUMBO_NODE_ELEMENT || head.v.element.tag != GUMBO_TAG_HEAD)
            continue;
        for (unsigned j = 0; j < head.v.element.children.length; ++j) {
            const auto& title = *static_cast<const GumboNode*>(head.v.element.children.data[j]);
            if (title.type == GUMBO_NODE_ELEMENT && title.v.element.tag == GUMBO_TAG_TITLE &&
                title.v.element.children.length > 0) {
                const auto& text = *static_cast<const GumboNode*>(title.v.element.children.data[0]);
                if (text.type == GUMBO_NODE_TEXT || text.type == GUMBO_NODE_WHITESPACE)
                    return trimmed(text.v.text.text);
            }
        }
    }
    return {};
}

// Without recursion: pages may be nested as deep as they are long.
void walk(const GumboNode& root, HtmlText& out) {
    Writer writer(out);
    struct Open {
        const GumboNode* node;
        unsigned next;
        Kind kind;
    };
    std::vector<Open> open{{&root, 0, Kind::Inline}};
    while (!open.empty()) {
        Open& top = open.back();
        const GumboElement& element = top.node->v.element;
        if (top.kind == Kind::Hidden || top.next == element.children.length) {
            if (top.kind != Kind::Hidden)
                writer.leave(element, top.kind);
            open.pop_back();
            continue;
        }
        const auto* const child = static_cast<const GumboNode*>(element.children.data[top.next++]);
        if (child->type == GUMBO_NODE_ELEMENT) {
            const Kind kind = kindOf(child->v.element);
            if (kind != Kind::Hidden)
                writer.enter(child->v.element, kind);
            open.push_back({child, 0, kind});
        } else if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE ||
                   child->type == GUMBO_NODE_CDATA) {
            writer.text(child->v.text);
        }
    }
    writer.breakBlock();
}

}  // namespace

std::string HtmlText::whole() const {
    std::string text;
    for (const Block& block : blocks)
        text += (text.empty() ? "" : "\n\n") + block.text;
    return text;
}

Result<HtmlText> htmlToText(std::string_view html, std::chrono::milliseconds patience) {
    constexpr std::size_t kFree = std::size_t{64} << 20, kRatio = 40;  // real pages take about 15 times their size
    Arena arena(kFree + kRatio * html.size(), patience);
    const GumboOutput* const parsed = parse(html, arena);
    if (!parsed && arena.isLate)
        return fail(ErrorCode::InvalidInput,
                    "the page takes too much time to read: it is nested deeper than any honest page");
    if (!parsed)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the page takes more than {} of memory to read, as no honest page does",
                                humanBytes(kFree + kRatio * html.size())));
    HtmlText out;
    out.title = titleOf(*parsed->root);
    walk(*parsed->root, out);
    return out;
}

std::optional<std::string> declaredEncoding(std::string_view head) {
    constexpr std::size_t kLooked = 4096;
    std::string text(head.substr(0, kLooked));
    std::ranges::transform(text, text.begin(), foldAscii);
    for (std::size_t at = text.find("<meta"); at != std::string::npos; at = text.find("<meta", at + 5)) {
        const std::string_view tag = std::string_view(text).substr(at, text.find('>', at) - at);
        const std::size_t named = tag.find("charset");
        if (named == std::string_view::npos)
            continue;
        std::string_view value = tag.substr(named + 7);
        value.remove_prefix(std::min(value.find_first_not_of(" =\"'"), value.size()));
        value = value.substr(0, value.find_first_of(" \"';/>"));
        if (value == "gb2312" || value == "gbk" || value == "x-gbk")
            return "GB18030";  // the larger sets that browsers read these as
        if (value == "iso-8859-1" || value == "latin1" || value == "ascii" || value == "us-ascii")
            return "windows-1252";
        if (!value.empty())
            return std::string(value);
    }
    return std::nullopt;
}

}  // namespace lathe::corpus::detail
