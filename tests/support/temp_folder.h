// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of its own for a test, gone when the test is over.
#pragma once

#include <QTemporaryDir>

#include <filesystem>

namespace lathe::test {

class TempFolder {
public:
    std::filesystem::path path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

}  // namespace lathe::test
