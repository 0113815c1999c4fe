// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the fields of config.json with their bounds, keeping the first problem. Nothing is allocated by what it says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "nn/network.h"
#include "nn/ops/activation.h"

namespace lathe::nn {

/// Look-ups give the fallback after a problem; ask problem() once at the end.
class ConfigReader {
public:
    /// \p inside: where \p config lies within the file, for messages ("rope_scaling.").
    explicit ConfigReader(const Json& config, std::string inside = {})
        : m_config(config), m_inside(std::move(inside)) {}

    /// A required size, at least 1.
    std::int64_t size(std::string_view key, std::int64_t most);
    std::int64_t size(std::string_view key, std::int64_t fallback, std::int64_t most);
    /// A whole number that may be 0 or negative ("position_buckets": -1).
    std::int64_t whole(std::string_view key, std::int64_t fallback, std::int64_t least, std::int64_t most);
    /// An optional token id; null and missing give -1. A list gives its first.
    std::int64_t tokenId(std::string_view key, std::int64_t fallback = -1);
    double real(std::string_view key, double fallback, double least, double most);
    bool flag(std::string_view key, bool fallback);
    std::string text(std::string_view key, std::string_view fallback);
    /// A function of nn/ops/activation.h; one that is not known is refused by name.
    Activation activation(std::string_view key, std::string_view fallback);
    /// id2label in order of id, or LABEL_0 ... for num_labels (2 when neither is given).
    std::vector<std::string> labels();
    /// problem_type; without it one label means regression, more a single choice.
    Problem problemType(std::size_t labelCount);
    /// The first of "architectures", or "".
    std::string firstClass();

    const Json* find(std::string_view key) const;
    /// Whether the file says anything about it, null included.
    bool mentions(std::string_view key) const { return m_config.contains(std::string(key)); }
    void refuse(ErrorCode code, std::string message);
    /// Takes over the problem of a reader of a part of this config.
    void adopt(const ConfigReader& part);
    Result<> problem() const;

private:
    const Json& m_config;
    std::string m_inside;
    std::string m_message;
    ErrorCode m_code = ErrorCode::InvalidInput;
};

}  // namespace lathe::nn
