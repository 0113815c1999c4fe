// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts with their true labels, streamed from a data file (by the importers) or from a project.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "corpus/importer.h"

namespace lathe::cli {

struct LabelledText {
    std::int64_t id = 0;  ///< sample id, or line in the file
    std::string text;
    std::string label;
};

class LabelledSource {
public:
    virtual ~LabelledSource() = default;
    /// \returns false at the end. Rows that cannot be used are skipped and told by issues().
    virtual Result<bool> next(LabelledText& item) = 0;
    /// The first 1000; rejected() counts all.
    const std::vector<corpus::ImportIssue>& issues() const { return m_issues; }
    std::int64_t rejected() const { return m_rejected; }

protected:
    void reject(std::int64_t line, std::string reason);

private:
    std::vector<corpus::ImportIssue> m_issues;
    std::int64_t m_rejected = 0;
};

struct LabelledFileOptions {
    std::optional<std::string> textColumn, labelColumn;
};
/// \returns NotFound, Io, InvalidInput (no such column; no label column).
Result<std::unique_ptr<LabelledSource>> openLabelledFile(const std::string& file, const LabelledFileOptions& options);
/// The project's labelled samples of \p split, or of all splits. When no sample has the dev split by itself, dev means
/// what the run \p run held back in its snapshot. \returns what openProject does.
Result<std::unique_ptr<LabelledSource>> openLabelledProject(const std::string& project,
                                                            std::optional<corpus::Split> split,
                                                            const std::string& run = {});

}  // namespace lathe::cli
