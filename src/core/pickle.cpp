// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pickle.h"

#include <fmt/format.h>

#include <cstring>

namespace lathe {
namespace {

/// Far beyond the largest published checkpoint (some forty values a tensor); it bounds what a hostile file can cost.
constexpr std::size_t kMostValues = 8'000'000;
constexpr PickleRef kUnset = UINT32_MAX;

/// The opcodes that torch.save writes, in any protocol that it can be asked for, and no others.
enum Op : unsigned char {
    Mark = '(',
    Stop = '.',
    Pop = '0',
    PopMark = '1',
    BinInt = 'J',
    BinInt1 = 'K',
    BinInt2 = 'M',
    None = 'N',
    BinPersId = 'Q',
    Reduce = 'R',
    BinString = 'T',
    ShortBinString = 'U',
    BinUnicode = 'X',
    Append = 'a',
    Build = 'b',
    Global = 'c',
    Dict = 'd',
    Appends = 'e',
    BinGet = 'h',
    LongBinGet = 'j',
    List = 'l',
    BinPut = 'q',
    LongBinPut = 'r',
    SetItem = 's',
    Tuple = 't',
    SetItems = 'u',
    EmptyDict = '}',
    EmptyList = ']',
    EmptyTuple = ')',
    BinFloat = 'G',
    BinBytes = 'B',
    ShortBinBytes = 'C',
    Proto = 0x80,
    NewObj = 0x81,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8a,
    ShortBinUnicode = 0x8c,
    BinUnicode8 = 0x8d,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95
};

}  // namespace

tl::unexpected<Error> PickleMachine::broken(std::string_view why) const {
    return fail(ErrorCode::Parse, fmt::format("its pickle is broken at byte {}: {}", m_at, why));
}

std::span<const PickleRef> PickleMachine::items(PickleRef ref) const {
    const PickleValue& container = m_values[ref];
    if (container.kind != Kind::List && container.kind != Kind::Tuple && container.kind != Kind::Dict)
        return {};
    return container.data == 0 ? std::span<const PickleRef>() : std::span(m_items[container.data - 1]);
}

std::string_view PickleMachine::text(PickleRef ref) const {
    const PickleValue& found = m_values[ref];
    if (found.kind != Kind::Text && found.kind != Kind::Bytes)
        return {};
    return {reinterpret_cast<const char*>(m_bytes.data()) + found.data, found.size};
}

std::optional<std::int64_t> PickleMachine::integer(PickleRef ref) const {
    const PickleValue& found = m_values[ref];
    if (found.kind != Kind::Int)
        return std::nullopt;
    return static_cast<std::int64_t>(found.data);
}

PickleRef PickleMachine::add(PickleValue value) {
    m_values.push_back(value);
    return static_cast<PickleRef>(m_values.size() - 1);
}

PickleRef PickleMachine::addContainer(PickleValue::Kind kind, std::vector<PickleRef> items) {
    const PickleRef ref = add({kind, 0, 0});
    if (!items.empty()) {
        m_items.push_back(std::move(items));
        m_values[ref].data = m_items.size();
    }
    return ref;
}

std::vector<PickleRef>& PickleMachine::itemsOf(PickleRef ref) {
    if (m_values[ref].data == 0) {
        m_items.emplace_back();
        m_values[ref].data = m_items.size();
    }
    return m_items[m_values[ref].data - 1];
}

std::uint64_t PickleMachine::take(std::uint64_t bytes) {
    std::uint64_t result = 0;
    std::memcpy(&result, m_bytes.data() + m_at, bytes);
    m_at += bytes;
    return result;
}

Result<std::uint64_t> PickleMachine::number(std::uint64_t bytes) {
    if (!has(bytes))
        return broken("it ends in the middle");
    return take(bytes);
}

Result<std::string_view> PickleMachine::line() {
    const std::string_view rest(reinterpret_cast<const char*>(m_bytes.data()) + m_at, m_bytes.size() - m_at);
    const auto end = rest.substr(0, 1000).find('\n');
    if (end == std::string_view::npos)
        return broken("a name has no end");
    m_at += end + 1;
    return rest.substr(0, end);
}

Result<PickleRef> PickleMachine::pop() {
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
        return broken("it takes a value that is not there");
    const PickleRef ref = m_stack.back();
    m_stack.pop_back();
    return ref;
}

Result<std::vector<PickleRef>> PickleMachine::popToMark() {
    if (m_marks.empty())
        return broken("it goes back to a mark that is not there");
    const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<PickleRef> above(begin, m_stack.end());
    m_stack.erase(begin, m_stack.end());
    m_marks.pop_back();
    return above;
}

Result<PickleRef> PickleMachine::run() {
    m_stack.clear();
    m_marks.clear();
    m_memo.clear();
    for (;;) {
        LATHE_TRY(const std::uint64_t op, number(1));
        if (op == Op::Stop)
            return pop();
        LATHE_CHECK(step(static_cast<unsigned char>(op)));
        if (m_values.size() > kMostValues)
            return broken(fmt::format("it makes more than {} values", kMostValues));
    }
}

Result<> PickleMachine::step(unsigned char op) {
    switch (op) {
        case Op::Proto: {
            LATHE_TRY(const std::uint64_t version, number(1));
            if (version > 5)
                return broken(fmt::format("its protocol {} is newer than 5", version));
            return {};
        }
        case Op::Frame:
            LATHE_CHECK(number(8));
            return {};
        case Op::Mark:
        case Op::Pop:
        case Op::PopMark:
        case Op::Tuple:
        case Op::Tuple1:
        case Op::Tuple2:
        case Op::Tuple3:
        case Op::EmptyTuple:
        case Op::EmptyList:
        case Op::EmptyDict:
        case Op::List:
        case Op::Dict:
            return container(op);
        case Op::Append:
        case Op::Appends:
        case Op::SetItem:
        case Op::SetItems:
            return extend(op);
        case Op::BinPut:
        case Op::LongBinPut:
        case Op::Memoize:
        case Op::BinGet:
        case Op::LongBinGet:
            return memo(op);
        case Op::Global:
        case Op::StackGlobal:
        case Op::Reduce:
        case Op::NewObj:
        case Op::Build:
        case Op::BinPersId:
            return object(op);
        default:
            return scalar(op);
    }
}

Result<> PickleMachine::textOf(std::uint64_t lengthBytes, Kind kind) {
    LATHE_TRY(const std::uint64_t length, number(lengthBytes));
    if (!has(length) || length > UINT32_MAX)
        return broken("a text is longer than the file");
    push({kind, static_cast<std::uint32_t>(length), m_at});
    m_at += length;
    return {};
}

Result<> PickleMachine::scalar(unsigned char op) {
    switch (op) {
        case Op::None:
            push({});
            return {};
        case Op::NewTrue:
        case Op::NewFalse:
            push({Kind::Bool, 0, op == Op::NewTrue ? 1u : 0u});
            return {};
        case Op::BinInt1:
        case Op::BinInt2: {
            LATHE_TRY(const std::uint64_t found, number(op == Op::BinInt1 ? 1 : 2));
            push({Kind::Int, 0, found});
            return {};
        }
        case Op::BinInt: {
            LATHE_TRY(const std::uint64_t found, number(4));
            push({Kind::Int, 0,
                  static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(found)))});
            return {};
        }
        case Op::Long1: {
            LATHE_TRY(const std::uint64_t length, number(1));
            if (!has(length))
                return broken("it ends in the middle");
            if (length > 8) {  // too long for a number of ours: the old format's magic number
                push({Kind::Bytes, static_cast<std::uint32_t>(length), m_at});
                m_at += length;
                return {};
            }
            std::uint64_t found = take(length);
            if (length > 0 && length < 8 && (found >> (8 * length - 1) & 1) != 0)
                found |= ~std::uint64_t{0} << (8 * length);
            push({Kind::Int, 0, found});
            return {};
        }
        case Op::BinFloat:
            LATHE_CHECK(number(8));  // no tensor is described by one
            push({Kind::Real, 0, 0});
            return {};
        case Op::ShortBinUnicode:
        case Op::ShortBinString:
            return textOf(1, Kind::Text);
        case Op::BinUnicode:
        case Op::BinString:
            return textOf(4, Kind::Text);
        case Op::BinUnicode8:
            return textOf(8, Kind::Text);
        case Op::ShortBinBytes:
            return textOf(1, Kind::Bytes);
        case Op::BinBytes:
            return textOf(4, Kind::Bytes);
        default:
            return broken(fmt::format("opcode 0x{:02x} is none that torch.save writes", op));
    }
}

Result<> PickleMachine::container(unsigned char op) {
    switch (op) {
        case Op::Mark:
            m_marks.push_back(m_stack.size());
            return {};
        case Op::Pop:
            LATHE_CHECK(pop());
            return {};
        case Op::PopMark:
            LATHE_CHECK(popToMark());
            return {};
        case Op::EmptyTuple:
            push({Kind::Tuple, 0, 0});
            return {};
        case Op::EmptyList:
            push({Kind::List, 0, 0});
            return {};
        case Op::EmptyDict:
            push({Kind::Dict, 0, 0});
            return {};
        case Op::Tuple1:
        case Op::Tuple2:
        case Op::Tuple3: {
            std::vector<PickleRef> items(static_cast<std::size_t>(op - Op::Tuple1) + 1);
            for (auto item = items.rbegin(); item != items.rend(); ++item) {
                LATHE_TRY(*item, pop());
            }
            m_stack.push_back(addContainer(Kind::Tuple, std::move(items)));
            return {};
        }
        default: {
            LATHE_TRY(auto items, popToMark());
            if (op == Op::Dict && items.size() % 2 != 0)
                return broken("a key has no value");
            const Kind kind = op == Op::Tuple ? Kind::Tuple : op == Op::List ? Kind::List : Kind::Dict;
            m_stack.push_back(addContainer(kind, std::move(items)));
            return {};
        }
    }
}

Result<> PickleMachine::extend(unsigned char op) {
    const bool isDict = op == Op::SetItem || op == Op::SetItems;
    std::vector<PickleRef> more;
    if (op == Op::Appends || op == Op::SetItems) {
        LATHE_TRY(more, popToMark());
    } else {
        more.resize(isDict ? 2 : 1);
        for (auto item = more.rbegin(); item != more.rend(); ++item) {
            LATHE_TRY(*item, pop());
        }
    }
    LATHE_TRY(const PickleRef target, pop());
    m_stack.push_back(target);
    if (!is(target, isDict ? Kind::Dict : Kind::List) || (isDict && more.size() % 2 != 0))
        return broken("it adds to what is no container of that kind");
    auto& items = itemsOf(target);
    items.insert(items.end(), more.begin(), more.end());
    return {};
}

Result<> PickleMachine::memo(unsigned char op) {
    if (op == Op::BinGet || op == Op::LongBinGet) {
        LATHE_TRY(const std::uint64_t index, number(op == Op::BinGet ? 1 : 4));
        if (index >= m_memo.size() || m_memo[index] == kUnset)
            return broken(fmt::format("it recalls value {}, which it has not kept", index));
        m_stack.push_back(m_memo[index]);
        return {};
    }
    std::uint64_t index = m_memo.size();
    if (op != Op::Memoize) {
        LATHE_TRY(index, number(op == Op::BinPut ? 1 : 4));
    }
    LATHE_TRY(const PickleRef top, pop());
    m_stack.push_back(top);
    // Writers count up from 0, so an index cannot be larger than the pickle has bytes.
    if (index > m_at)
        return broken(fmt::format("it keeps value {}, which is no number that a writer gives", index));
    if (index >= m_memo.size())
        m_memo.resize(index + 1, kUnset);
    m_memo[index] = top;
    return {};
}

Result<> PickleMachine::object(unsigned char op) {
    if (op == Op::Global || op == Op::StackGlobal) {
        std::string_view module, name;
        if (op == Op::Global) {
            LATHE_TRY(module, line());
            LATHE_TRY(name, line());
        } else {
            LATHE_TRY(const PickleRef second, pop());
            LATHE_TRY(const PickleRef first, pop());
            if (!is(first, Kind::Text) || !is(second, Kind::Text))
                return broken("it imports by what is no text");
            module = text(first);
            name = text(second);
        }
        LATHE_TRY(const PickleValue found, global(module, name));
        push(found);
        return {};
    }
    LATHE_TRY(const PickleRef argument, pop());
    if (op == Op::BinPersId) {
        LATHE_TRY(const PickleRef found, persistent(argument));
        m_stack.push_back(found);
        return {};
    }
    LATHE_TRY(const PickleRef target, pop());
    if (op == Op::Build) {
        m_stack.push_back(target);
        return build(target, argument);
    }
    if (!is(target, Kind::Global) || !is(argument, Kind::Tuple))
        return broken("it calls what is no function");
    LATHE_TRY(const PickleRef made, call(target, argument));
    m_stack.push_back(made);
    return {};
}

}  // namespace lathe
