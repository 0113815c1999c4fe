// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Values as bytes and back, for messages between processes of the same program on the same kind of machine. A type of
// its own says what it is made of: template <class A> void fields(A& archive, T& value) { archive(value.a, value.b); }
// Torch-free.
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lathe::train {

class ByteWriter {
public:
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }
    const std::string& bytes() const { return m_bytes; }

private:
    template <class T>
    void put(const T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
            m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        else
            fields(*this, const_cast<T&>(value));  // which only reads here
    }
    void put(const std::string& text) {
        put(text.size());
        m_bytes += text;
    }
    template <class T>
    void put(const std::vector<T>& values) {
        put(values.size());
        for (const T& value : values)
            put(value);
    }

    std::string m_bytes;
};

/// \throws std::runtime_error when the bytes end before their time: they come from another version.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}

    template <class... T>
    void operator()(T&... values) {
        (get(values), ...);
    }
    bool isAtEnd() const { return m_rest.empty(); }

private:
    template <class T>
    void get(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
            std::memcpy(&value, take(sizeof value).data(), sizeof value);
        else
            fields(*this, value);
    }
    void get(std::string& text) { text = take(count()); }
    template <class T>
    void get(std::vector<T>& values) {
        values.resize(count());
        for (T& value : values)
            get(value);
    }
    std::size_t count() {
        std::size_t size = 0;
        get(size);
        if (size > m_rest.size())
            throw std::runtime_error("a message of another process is cut short");
        return size;
    }
    std::string_view take(std::size_t size) {
        if (size > m_rest.size())
            throw std::runtime_error("a message of another process is cut short");
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    std::string_view m_rest;
};

}  // namespace lathe::train
