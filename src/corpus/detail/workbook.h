// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An Excel workbook (XLSX): its sheets, texts and number formats, and the rows of a sheet as they are read.
// \source ECMA-376-1, 18.2 (workbook), 18.3 (sheets), 18.4 (shared strings), 18.8 (styles)
#pragma once

#include <map>
#include <vector>

#include "corpus/detail/xml_events.h"
#include "corpus/detail/zip_archive.h"

namespace lathe::corpus::detail {

enum class NumberKind { Plain, Date, Time, DateTime, Duration };

class Workbook {
public:
    struct Sheet {
        std::string name;
        std::string part;  ///< member of the archive
        bool isHidden = false;
    };

    /// \returns Parse, Io, InvalidInput (no sheet, bomb).
    static Result<std::shared_ptr<Workbook>> open(const std::filesystem::path& file);

    const std::vector<Sheet>& sheets() const { return m_sheets; }
    /// InvalidInput with the names there are. An empty name is the first sheet that is not hidden.
    Result<Sheet> sheet(const std::string& name) const;
    const std::shared_ptr<ZipArchive>& archive() const { return m_archive; }
    const std::shared_ptr<UnpackBudget>& budget() const { return m_budget; }

    /// All of \p part through \p handler.
    Result<> parse(const std::string& part, XmlHandler& handler) const;
    /// Reads the shared texts, which may be most of the file; before that they are empty. \returns InvalidInput (huge).
    Result<> readTexts();
    /// Text \p index of the shared ones; empty beyond them.
    std::string_view sharedText(std::size_t index) const;
    NumberKind numberKind(std::size_t style) const;
    bool from1904() const { return m_from1904; }

private:
    Result<> readParts();

    std::shared_ptr<ZipArchive> m_archive;
    std::shared_ptr<UnpackBudget> m_budget;
    std::vector<Sheet> m_sheets;
    bool m_from1904 = false;
    std::string m_textsPart;
    std::string m_texts;  ///< the shared texts one after the other
    std::vector<std::size_t> m_textEnds;
    std::vector<NumberKind> m_styles;
};

/// What Excel shows for a number in cells of this kind: "2024-03-01", "14:30:00", "0.1". Days count from 1900 with
/// Excel's 29 February 1900, or from 1904.
std::string numberText(std::string_view value, NumberKind kind, bool from1904);
/// What a format code makes of a number, by the letters outside of quotes and brackets: "yyyy\-mm\-dd" is a date.
NumberKind kindOfFormat(std::string_view code);
/// "_x000D_" is how the format writes characters that XML cannot have.
std::string unescaped(std::string_view text);

}  // namespace lathe::corpus::detail
