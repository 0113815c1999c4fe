// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/charsmap_check.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace lathe::text {
namespace {

// Protobuf's wire format, as much of it as finding two fields needs.
class Fields {
public:
    explicit Fields(std::string_view bytes) : m_bytes(bytes) {}
    /// Moves to the next field. false at the end or where the message is broken (see failed()).
    bool next() {
        if (m_failed || m_pos >= m_bytes.size())
            return false;
        const auto key = varint();
        if (!key)
            return false;
        number = *key >> 3;
        payload = {};
        switch (*key & 7) {
            case 0:
                return varint().has_value();
            case 1:
                return skip(8);
            case 2: {
                const auto length = varint();
                return length && skip(*length);
            }
            case 5:
                return skip(4);
            default:
                m_failed = true;
                return false;
        }
    }
    bool failed() const { return m_failed; }
    std::uint64_t number = 0;
    std::string_view payload;

private:
    std::optional<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64 && m_pos < m_bytes.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_pos++]);
            value |= std::uint64_t(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_failed = true;
        return std::nullopt;
    }
    bool skip(std::uint64_t length) {
        if (length > m_bytes.size() - m_pos) {
            m_failed = true;
            return false;
        }
        payload = m_bytes.substr(m_pos, length);
        m_pos += length;
        return true;
    }
    std::string_view m_bytes;
    std::size_t m_pos = 0;
    bool m_failed = false;
};

std::string mapProblem(std::string_view map) {
    if (map.empty())
        return "";  // identity
    std::uint32_t trieBytes = 0;
    if (map.size() <= sizeof trieBytes)
        return "its character map is too short";
    std::memcpy(&trieBytes, map.data(), sizeof trieBytes);
    if (trieBytes == 0 || trieBytes % 1024 != 0 || trieBytes >= map.size() - sizeof trieBytes)
        return "its character map has a wrong size";
    const std::string_view strings = map.substr(sizeof trieBytes + trieBytes);
    if (strings.back() != '\0')
        return "its character map has an unfinished string";
    const std::size_t units = trieBytes / 4;
    for (std::size_t i = 0; i < units; ++i) {
        std::uint32_t unit = 0;
        std::memcpy(&unit, map.data() + sizeof trieBytes + 4 * i, sizeof unit);
        if ((unit >> 31) != 0) {
            if ((unit & 0x7FFFFFFFu) >= strings.size())
                return "its character map points outside its strings";
        } else {
            const std::uint32_t offset = (unit >> 10) << ((unit & (1u << 9)) >> 6);
            // The children of a unit lie in the block of 256 units at its position XOR its offset.
            if (((i ^ offset) | 0xFF) >= units)
                return "its character map points outside its trie";
        }
    }
    return "";
}

}  // namespace

std::string charsmapProblem(std::string_view model) {
    Fields fields(model);
    bool pieces = false;
    while (fields.next()) {
        pieces = pieces || fields.number == 1;
        if (fields.number != 3 && fields.number != 5)
            continue;
        Fields normalizer(fields.payload);
        while (normalizer.next()) {
            if (normalizer.number != 2)
                continue;
            if (std::string problem = mapProblem(normalizer.payload); !problem.empty())
                return problem;
        }
        if (normalizer.failed())
            return "its normaliser is broken";
    }
    if (fields.failed())
        return "it is truncated or no such model";
    return pieces ? "" : "it has no pieces";
}

}  // namespace lathe::text
