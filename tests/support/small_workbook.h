// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Excel workbooks made for a test: the parts that a program writes, with the sheets' XML given.
#pragma once

#include "support/packed_files.h"

namespace lathe::test {

struct SmallWorkbook {
    std::vector<std::pair<std::string, std::string>> sheets;  ///< name, content of sheetData (and what follows it)
    std::vector<std::string> texts;                           ///< shared: the XML within <si>
    std::string formats;                                      ///< <numFmt .../> elements
    std::vector<int> styles;                                  ///< number format of each cell style
    std::string properties;                                   ///< attributes of workbookPr

    void write(const std::filesystem::path& file) const {
        const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
        const std::string main = " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        std::string list, relations;
        ZipContent parts{{"[Content_Types].xml", head + "<Types/>"}};
        for (std::size_t i = 0; i < sheets.size(); ++i) {
            const std::string number = std::to_string(i + 1);
            list += "<sheet name=\"" + sheets[i].first + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
            relations += "<Relationship Id=\"rId" + number + "\" Type=\"" + office +
                         "/worksheet\" Target=\"worksheets/sheet" + number + ".xml\"/>";
            parts.emplace_back("xl/worksheets/sheet" + number + ".xml",
                               head + "<worksheet" + main + "><sheetData>" + sheets[i].second + "</worksheet>");
        }
        relations += "<Relationship Id=\"t\" Type=\"" + office + "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>";
        relations += "<Relationship Id=\"s\" Type=\"" + office + "/styles\" Target=\"styles.xml\"/>";
        parts.emplace_back("xl/workbook.xml", head + "<workbook" + main + " xmlns:r=\"" + office + "\"><workbookPr " +
                                                  properties + "/><sheets>" + list + "</sheets></workbook>");
        parts.emplace_back("xl/_rels/workbook.xml.rels", head + "<Relationships>" + relations + "</Relationships>");
        std::string shared;
        for (const std::string& text : texts)
            shared += "<si>" + text + "</si>";
        parts.emplace_back("xl/sharedStrings.xml", head + "<sst" + main + ">" + shared + "</sst>");
        std::string cells;
        for (const int style : styles)
            cells += "<xf numFmtId=\"" + std::to_string(style) + "\"/>";
        parts.emplace_back("xl/styles.xml",
                           head + "<styleSheet" + main + "><numFmts>" + formats +
                               "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" + cells +
                               "</cellXfs></styleSheet>");
        writeZip(file, parts);
    }
};

}  // namespace lathe::test
