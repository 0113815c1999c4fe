// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SentenceVectors: an encoder's folder that gives each text a vector; near vectors belong together. Torch-free facade.
// Thread: compute lane (one call at a time).
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::infer {

class SentenceVectors {
public:
    /// Any encoder can be asked; one that was taught to (the task "match") answers usefully.
    /// \returns NotFound, Parse, Unsupported (no encoder), OutOfMemory.
    static Result<std::unique_ptr<SentenceVectors>> load(const std::filesystem::path& folder,
                                                         const std::string& device = "auto");
    virtual ~SentenceVectors() = default;

    /// The mean of each text's last states, of length 1; too long a text is cut. \returns Canceled.
    virtual Result<std::vector<std::vector<float>>> encode(std::span<const std::string> texts, JobContext& context) = 0;
};

/// Of two vectors of length 1.
double cosine(const std::vector<float>& a, const std::vector<float>& b);

}  // namespace lathe::infer
