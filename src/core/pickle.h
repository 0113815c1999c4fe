// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle machine that can build nothing but numbers, texts and containers. What a file wants to import or call goes
// to the derived class, which knows a fixed list and refuses everything else: no code of a file is ever run.
// \source CPython Lib/pickletools.py (opcodes of protocols 2 to 5)
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe {

/// Values are named by number, because pickles share and change them.
using PickleRef = std::uint32_t;

struct PickleValue {
    enum class Kind : std::uint8_t { None, Bool, Int, Real, Text, Bytes, List, Tuple, Dict, Global, Object };
    Kind kind = Kind::None;
    std::uint32_t size = 0;  ///< Text, Bytes: length. Global, Object: what the derived class means by it.
    std::uint64_t data = 0;  ///< Bool, Int: the number. Text, Bytes: offset in the pickle. Containers: see items().
};

class PickleMachine {
public:
    /// \param bytes begin with a pickle. They must outlive the machine.
    explicit PickleMachine(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    virtual ~PickleMachine() = default;

    /// Runs the pickle at position(), which is behind it afterwards. The memo begins anew; values stay.
    /// \returns Parse, or what the derived class refuses.
    Result<PickleRef> run();
    std::size_t position() const { return m_at; }
    void seek(std::size_t position) { m_at = position; }

    const PickleValue& value(PickleRef ref) const { return m_values[ref]; }
    bool is(PickleRef ref, PickleValue::Kind kind) const { return m_values[ref].kind == kind; }
    /// Elements of a List or Tuple; key, value, key, value of a Dict.
    std::span<const PickleRef> items(PickleRef ref) const;
    /// Text and Bytes.
    std::string_view text(PickleRef ref) const;
    std::optional<std::int64_t> integer(PickleRef ref) const;

protected:
    /// What "module.name" stands for. \returns Unsupported, by name.
    virtual Result<PickleValue> global(std::string_view module, std::string_view name) = 0;
    /// callable(*arguments). \p arguments is a Tuple.
    virtual Result<PickleRef> call(PickleRef callable, PickleRef arguments) = 0;
    virtual Result<PickleRef> persistent(PickleRef id) = 0;
    /// object.__setstate__(state).
    virtual Result<> build(PickleRef object, PickleRef state) = 0;

    PickleRef add(PickleValue value);
    PickleRef addContainer(PickleValue::Kind kind, std::vector<PickleRef> items);
    tl::unexpected<Error> broken(std::string_view why) const;

private:
    using Kind = PickleValue::Kind;

    Result<> step(unsigned char op);
    Result<> scalar(unsigned char op);
    Result<> textOf(std::uint64_t lengthBytes, Kind kind);
    Result<> container(unsigned char op);
    Result<> extend(unsigned char op);
    Result<> memo(unsigned char op);
    Result<> object(unsigned char op);

    bool has(std::uint64_t bytes) const { return bytes <= m_bytes.size() - m_at; }
    /// Little-endian, at most 8 bytes. The caller has asked has().
    std::uint64_t take(std::uint64_t bytes);
    Result<std::uint64_t> number(std::uint64_t bytes);
    Result<std::string_view> line();
    Result<PickleRef> pop();
    /// Everything above the last mark, which goes.
    Result<std::vector<PickleRef>> popToMark();
    void push(PickleValue value) { m_stack.push_back(add(value)); }
    std::vector<PickleRef>& itemsOf(PickleRef ref);

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    std::deque<PickleValue> m_values;
    std::deque<std::vector<PickleRef>> m_items;
    std::vector<PickleRef> m_stack, m_memo;
    std::vector<std::size_t> m_marks;
};

}  // namespace lathe
