// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Python's documentation of str (semantics).
#include <algorithm>
#include <array>
#include <limits>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/methods.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"
#include "text/template/percent_format.h"

namespace lathe::text::jinja {
namespace {

using Case = std::string (*)(std::string_view);
using Is = bool (*)(std::string_view);

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

Value same(Context& context, const Value& self, Text text) {
    return context.make(std::move(text), self.isMarkup());
}

template <Case mapping>
Value mapCase(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters none("str", arguments, {});
    context.charge(self.text().size());
    return same(context, self, self.text().derived(mapping(self.bytes())));
}

template <Is predicate>
Value is(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters none("str", arguments, {});
    context.step(1 + self.text().size() / 64);
    return Value::boolean(predicate(self.bytes()));
}

template <bool left, bool right>
Value strip(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("strip", arguments, {"chars"});
    return same(context, self, stripped(self.text(), given.hasValue(0) ? &given.text(0) : nullptr, left, right));
}

/// The bytes [start:end] of the search, and where they begin; nothing if the range is empty the wrong way round.
struct Window {
    std::size_t begin = 0, end = 0;
    bool valid = true;
};

Window windowOf(Context& context, const Value& self, const Parameters& given, std::size_t first) {
    const std::int64_t size = length(context, self);
    const auto bound = [&](std::size_t index, std::int64_t fallback) {
        if (!given.hasValue(index))
            return fallback;
        const std::int64_t at = asIndex(given[index]);
        return at < 0 ? std::max<std::int64_t>(0, at < -size ? 0 : at + size) : at;
    };
    const std::int64_t begin = bound(first, 0), end = std::min(size, bound(first + 1, size));
    if (begin > end)
        return {0, 0, false};
    return {byteOfCodePoint(self.bytes(), static_cast<std::size_t>(begin)),
            byteOfCodePoint(self.bytes(), static_cast<std::size_t>(end)), true};
}

template <bool fromEnd, bool mustExist>
Value find(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("find", arguments, {"sub", "start", "end"}, 1);
    const std::string& wanted = given.text(0).bytes();
    const Window window = windowOf(context, self, given, 1);
    const std::string_view part = std::string_view(self.bytes()).substr(window.begin, window.end - window.begin);
    const std::size_t at = !window.valid ? std::string_view::npos : fromEnd ? part.rfind(wanted) : part.find(wanted);
    if (at != std::string_view::npos)
        return Value::integer(countCodePoints(std::string_view(self.bytes()).substr(0, window.begin + at)));
    if (mustExist)
        raise(FaultKind::Value, "substring not found");
    return Value::integer(std::int64_t{-1});
}

Value count(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("count", arguments, {"sub", "start", "end"}, 1);
    const std::string& wanted = given.text(0).bytes();
    const Window window = windowOf(context, self, given, 1);
    if (!window.valid)
        return Value::integer(std::int64_t{0});
    const std::string_view part = std::string_view(self.bytes()).substr(window.begin, window.end - window.begin);
    if (wanted.empty())
        return Value::integer(countCodePoints(part) + 1);
    std::int64_t found = 0;
    for (std::size_t at = 0; (at = part.find(wanted, at)) != std::string_view::npos; at += wanted.size())
        ++found;
    return Value::integer(found);
}

template <bool atEnd>
Value hasAffix(Context& context, const Value& self, const Arguments& arguments) {
    const char* name = atEnd ? "endswith" : "startswith";
    const Parameters given(name, arguments, {"prefix", "start", "end"}, 1);
    const Window window = windowOf(context, self, given, 1);
    const std::string_view part = std::string_view(self.bytes()).substr(window.begin, window.end - window.begin);
    const auto matches = [&](const Value& affix) {
        if (!affix.isString())
            raise(FaultKind::Type, "{} first arg must be str or a tuple of str, not {}", name, affix.typeName());
        return window.valid && (atEnd ? part.ends_with(affix.bytes()) : part.starts_with(affix.bytes()));
    };
    return Value::boolean(given[0].isTuple() ? std::ranges::any_of(given[0].items(), matches) : matches(given[0]));
}

Value removePrefix(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("removeprefix", arguments, {"prefix"}, 1);
    const std::string& prefix = given.text(0).bytes();
    const std::size_t from = self.bytes().starts_with(prefix) ? prefix.size() : 0;
    return same(context, self, self.text().sub(from, self.text().size()));
}

Value removeSuffix(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("removesuffix", arguments, {"suffix"}, 1);
    const std::string& suffix = given.text(0).bytes();
    const std::size_t less = self.bytes().ends_with(suffix) ? suffix.size() : 0;
    return same(context, self, self.text().sub(0, self.text().size() - less));
}

Value replace(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("replace", arguments, {"old", "new", "count"}, 2);
    return same(context, self, replaced(context, self.text(), given.text(0), given.text(1), given.integer(2, -1)));
}

Value pieces(Context& context, const Value& self, const std::vector<ByteRange>& ranges) {
    Values out;
    context.step(ranges.size());
    for (const ByteRange& range : ranges)
        out.push_back(same(context, self, self.text().sub(range.begin, range.end)));
    return Value::list(std::move(out));
}

/// Words between white space, at most \p limit cuts from the left.
std::vector<ByteRange> wordsFromLeft(std::string_view text, std::int64_t limit) {
    std::vector<ByteRange> words;
    for (std::size_t pos = leadingSpace(text); pos < text.size();) {
        if (limit-- == 0) {
            words.push_back({pos, text.size()});
            break;
        }
        std::size_t end = pos;
        for (std::size_t next = end; next < text.size(); end = next)
            if (isSpace(nextCodePoint(text, next)))
                break;
        words.push_back({pos, end});
        pos = end + leadingSpace(text.substr(end));
    }
    return words;
}

std::vector<ByteRange> wordsFromRight(std::string_view text, std::int64_t limit) {
    std::vector<ByteRange> words;
    for (std::size_t end = text.size() - trailingSpace(text); end > 0;) {
        if (limit-- == 0) {
            words.push_back({0, end});
            break;
        }
        std::size_t begin = end;
        for (std::size_t last = begin; last > 0; begin = last) {
            do
                --last;
            while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80);
            std::size_t pos = last;
            if (isSpace(nextCodePoint(text, pos)))
                break;
        }
        words.push_back({begin, end});
        end = begin - trailingSpace(text.substr(0, begin));
    }
    std::ranges::reverse(words);
    return words;
}

std::vector<ByteRange> splitAt(std::string_view text, std::string_view separator, std::int64_t limit, bool fromRight) {
    std::vector<ByteRange> parts;
    if (separator.empty())
        raise(FaultKind::Value, "empty separator");
    if (fromRight) {
        std::size_t end = text.size();
        for (; limit > 0 && end >= separator.size(); --limit) {
            const std::size_t at = text.rfind(separator, end - separator.size());
            if (at == std::string_view::npos)
                break;
            parts.push_back({at + separator.size(), end});
            end = at;
        }
        parts.push_back({0, end});
        std::ranges::reverse(parts);
        return parts;
    }
    std::size_t begin = 0;
    for (std::size_t at = 0; limit > 0 && (at = text.find(separator, begin)) != std::string_view::npos; --limit) {
        parts.push_back({begin, at});
        begin = at + separator.size();
    }
    parts.push_back({begin, text.size()});
    return parts;
}

template <bool fromRight>
Value split(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("split", arguments, {"sep", "maxsplit"});
    const std::int64_t most = given.integer(1, -1);
    const std::int64_t limit = most < 0 ? kNoLimit : most;
    if (given.hasValue(0)) {
        if (!given[0].isString())
            raise(FaultKind::Type, "must be str or None, not {}", given[0].typeName());
        return pieces(context, self, splitAt(self.bytes(), given[0].bytes(), limit, fromRight));
    }
    return pieces(context, self, fromRight ? wordsFromRight(self.bytes(), limit) : wordsFromLeft(self.bytes(), limit));
}

template <bool fromRight>
Value partition(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("partition", arguments, {"sep"}, 1);
    const std::string& separator = given.text(0).bytes();
    if (separator.empty())
        raise(FaultKind::Value, "empty separator");
    const std::size_t at = fromRight ? self.bytes().rfind(separator) : self.bytes().find(separator);
    const auto part = [&](std::size_t begin, std::size_t end) {
        return same(context, self, self.text().sub(begin, end));
    };
    const std::size_t size = self.text().size();
    if (at == std::string::npos)
        return Value::tuple(fromRight ? Values{part(0, 0), part(0, 0), part(0, size)}
                                      : Values{part(0, size), part(0, 0), part(0, 0)});
    return Value::tuple({part(0, at), part(at, at + separator.size()), part(at + separator.size(), size)});
}

Value splitLines(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("splitlines", arguments, {"keepends"});
    Values lines;
    for (Text& line : linesOf(self.text(), given.flag(0, false)))
        lines.push_back(same(context, self, std::move(line)));
    return Value::list(std::move(lines));
}

Value join(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("join", arguments, {"iterable"}, 1);
    const IteratorPtr iterator = iterateIfPossible(context, given[0]);
    if (!iterator)
        raise(FaultKind::Type, "can only join an iterable");
    Text out;
    for (std::size_t i = 0; const auto item = iterator->next(context); ++i) {
        if (!item->isString())
            raise(FaultKind::Type, "sequence item {}: expected str instance, {} found", i, item->typeName());
        context.charge(self.text().size() + item->text().size());
        if (i > 0)
            out.append(self.text());
        out.append(item->text());
    }
    return Value::string(std::move(out), self.isMarkup());
}

std::string fillOf(const Parameters& given, std::size_t index) {
    if (!given.has(index))
        return " ";
    const std::string& fill = given.text(index).bytes();
    if (countCodePoints(fill) != 1)
        raise(FaultKind::Type, "The fill character must be exactly one character long");
    return fill;
}

enum class Side { Left, Right };

template <Side side>
Value justify(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("ljust", arguments, {"width", "fillchar"}, 1);
    const std::string fill = fillOf(given, 1);
    const std::int64_t missing = std::max<std::int64_t>(0, asIndex(given[0]) - length(context, self));
    context.charge(static_cast<std::size_t>(missing));
    Text padding;
    for (std::int64_t i = 0; i < missing; ++i)
        padding.append(fill);
    return same(context, self, side == Side::Left ? Text(self.text()).append(padding) : padding.append(self.text()));
}

Value center(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("center", arguments, {"width", "fillchar"}, 1);
    return same(context, self, centered(context, self.text(), asIndex(given[0]), fillOf(given, 1)));
}

Value zeroFill(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("zfill", arguments, {"width"}, 1);
    const std::int64_t missing = std::max<std::int64_t>(0, asIndex(given[0]) - length(context, self));
    context.charge(static_cast<std::size_t>(missing));
    const bool hasSign = self.bytes().starts_with('-') || self.bytes().starts_with('+');
    const std::size_t sign = hasSign ? 1 : 0;
    return same(context, self,
                self.text()
                    .sub(0, sign)
                    .append(std::string(static_cast<std::size_t>(missing), '0'))
                    .append(self.text().sub(sign, self.text().size())));
}

Value format(Context& context, const Value& self, const Arguments& arguments) {
    return same(context, self, braceFormat(context, self.text(), arguments));
}

Value formatMap(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("format_map", arguments, {"mapping"}, 1);
    if (!given[0].isDict())
        raise(FaultKind::Type, "format_map() argument must be a mapping");
    Arguments named;
    for (const auto& [key, value] : given[0].dict().entries())
        if (key.isString())
            named.named.emplace_back(key.bytes(), value);
    return same(context, self, braceFormat(context, self.text(), named));
}

template <const char* name>
Value refused(Context&, const Value&, const Arguments&) {
    raise(FaultKind::Unsupported, "str.{}()", name);
}
constexpr char kEncode[] = "encode", kTranslate[] = "translate", kMakeTrans[] = "maketrans",
               kExpandTabs[] = "expandtabs";

bool isPrintableText(std::string_view text) {
    for (std::size_t pos = 0; pos < text.size();)
        if (!isPrintable(nextCodePoint(text, pos)))
            return false;
    return true;
}

constexpr std::array kMethods = {
    Method{"capitalize", mapCase<capitalized>},
    Method{"casefold", mapCase<caseFold>},
    Method{"center", center},
    Method{"count", count},
    Method{"encode", refused<kEncode>},
    Method{"endswith", hasAffix<true>},
    Method{"expandtabs", refused<kExpandTabs>},
    Method{"find", find<false, false>},
    Method{"format", format},
    Method{"format_map", formatMap},
    Method{"index", find<false, true>},
    Method{"isalnum", is<isAlphanumeric>},
    Method{"isalpha", is<isAlpha>},
    Method{"isascii", is<isAscii>},
    Method{"isdecimal", is<isDecimal>},
    Method{"isdigit", is<isDigit>},
    Method{"isidentifier", is<isIdentifier>},
    Method{"islower", is<isLower>},
    Method{"isnumeric", is<isNumeric>},
    Method{"isprintable", is<isPrintableText>},
    Method{"isspace", is<isAllSpace>},
    Method{"istitle", is<isTitle>},
    Method{"isupper", is<isUpper>},
    Method{"join", join},
    Method{"ljust", justify<Side::Left>},
    Method{"lower", mapCase<lowerCase>},
    Method{"lstrip", strip<true, false>},
    Method{"maketrans", refused<kMakeTrans>},
    Method{"partition", partition<false>},
    Method{"removeprefix", removePrefix},
    Method{"removesuffix", removeSuffix},
    Method{"replace", replace},
    Method{"rfind", find<true, false>},
    Method{"rindex", find<true, true>},
    Method{"rjust", justify<Side::Right>},
    Method{"rpartition", partition<true>},
    Method{"rsplit", split<true>},
    Method{"rstrip", strip<false, true>},
    Method{"split", split<false>},
    Method{"splitlines", splitLines},
    Method{"startswith", hasAffix<false>},
    Method{"strip", strip<true, true>},
    Method{"swapcase", mapCase<swapCase>},
    Method{"title", mapCase<titleCase>},
    Method{"translate", refused<kTranslate>},
    Method{"upper", mapCase<upperCase>},
    Method{"zfill", zeroFill},
};

}  // namespace

std::span<const Method> stringMethods() {
    return kMethods;
}

Text stripped(const Text& text, const Text* characters, bool left, bool right) {
    const std::string_view bytes = text.bytes();
    if (!characters) {
        const std::size_t begin = left ? leadingSpace(bytes) : 0;
        return text.sub(begin, right ? bytes.size() - trailingSpace(bytes.substr(begin)) : bytes.size());
    }
    const std::u32string set = toCodePoints(characters->bytes());
    std::size_t begin = 0, end = bytes.size();
    for (std::size_t next = 0; left && next < bytes.size(); begin = next)
        if (set.find(nextCodePoint(bytes, next)) == std::u32string::npos)
            break;
    while (right && end > begin) {
        std::size_t last = end - 1;
        while (last > begin && (static_cast<unsigned char>(bytes[last]) & 0xC0) == 0x80)
            --last;
        std::size_t pos = last;
        if (set.find(nextCodePoint(bytes, pos)) == std::u32string::npos)
            break;
        end = last;
    }
    return text.sub(begin, end);
}

Text replaced(Context& context, const Text& text, const Text& from, const Text& to, std::int64_t count) {
    Text out;
    std::size_t begin = 0;
    const auto put = [&](std::size_t end) {
        context.charge(end - begin + to.size());
        out.append(text.sub(begin, end));
        begin = end;
    };
    if (from.empty()) {  // before each character, and at the end
        for (std::size_t pos = 0; count != 0; --count) {
            put(pos);
            out.append(to);
            if (pos == text.size())
                break;
            nextCodePoint(text.bytes(), pos);
        }
    }
    for (std::size_t at = 0; !from.empty() && count != 0; --count) {
        at = text.bytes().find(from.bytes(), begin);
        if (at == std::string::npos)
            break;
        put(at);
        out.append(to);
        begin = at + from.size();
    }
    put(text.size());
    return out;
}

std::vector<Text> linesOf(const Text& text, bool keepEnds) {
    std::vector<Text> lines;
    const std::string& bytes = text.bytes();
    std::size_t begin = 0;
    for (std::size_t pos = 0; pos < bytes.size();) {
        const std::size_t at = pos;
        const char32_t c = nextCodePoint(bytes, pos);
        if (!isLineBreak(c))
            continue;
        if (c == U'\r' && pos < bytes.size() && bytes[pos] == '\n')
            ++pos;
        lines.push_back(text.sub(begin, keepEnds ? pos : at));
        begin = pos;
    }
    if (begin < bytes.size())
        lines.push_back(text.sub(begin, bytes.size()));
    return lines;
}

Text centered(Context& context, const Text& text, std::int64_t width, std::string_view fill) {
    const auto size = static_cast<std::int64_t>(countCodePoints(text.bytes()));
    const std::int64_t missing = std::max<std::int64_t>(0, width - size);
    context.charge(static_cast<std::size_t>(missing));
    const std::int64_t left = missing / 2 + (missing & width & 1);
    Text out;
    for (std::int64_t i = 0; i < left; ++i)
        out.append(fill);
    out.append(text);
    for (std::int64_t i = left; i < missing; ++i)
        out.append(fill);
    return out;
}

}  // namespace lathe::text::jinja
