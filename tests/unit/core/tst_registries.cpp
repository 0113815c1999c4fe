// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "One file and one line": in every leaf folder, each factory has its line in the .def file and each line its factory.
#include <QtTest>

class RegistriesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesAndLinesAgree_data() {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("entry");
        // Where a folder holds the folders of other registries, the type of its own entries tells them apart.
        const auto row = [](const char* folder, const char* list, const char* entry = "\\w*Entry") {
            QTest::newRow(folder) << QString::fromUtf8(folder) << QString::fromUtf8(list) << QString::fromUtf8(entry);
        };
        row("src/nn/arch", "architectures.def");
        row("src/corpus/importers", "importers.def");
        row("src/corpus/clean/steps", "steps.def");
        row("src/corpus/exporters", "exporters.def");
        row("src/nn/optimizers", "optimizers.def");
        row("src/train/methods", "methods.def");
        row("src/train/metrics", "metrics.def");
        row("src/train/schedules", "schedules.def");
        row("src/train/tasks", "tasks.def");
        row("src/cli/commands", "commands.def");
        row("src/train/exports", "exports.def");
        row("src/pages", "pages.def", "PageEntry");
        row("src/pages/review", "panes.def", "ReviewPaneEntry");
        row("src/pages/evaluate", "report_views.def", "ReportViewEntry");
    }
    void filesAndLinesAgree() {
        QFETCH(QString, folder);
        QFETCH(QString, list);
        QFETCH(QString, entry);
        const QString root = QStringLiteral(LATHE_SOURCE_DIR "/") + folder;
        const QString lines = read(root + QLatin1Char('/') + list);
        const QStringList listed = matches(lines, QStringLiteral("^[A-Z_]+\\((\\w+)\\)"));
        QStringList made;
        QDirIterator files(root, {QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            made += matches(read(files.next()),
                            QStringLiteral("^(?:\\w+::)?") + entry + QStringLiteral(" (\\w+)\\(\\) \\{"));
        QVERIFY2(!listed.isEmpty(), qPrintable(list));
        QCOMPARE(QSet<QString>(listed.begin(), listed.end()).size(), listed.size());
        for (const QString& name : listed)
            QVERIFY2(made.count(name) == 1,
                     qPrintable(name + QStringLiteral(" has a line and no factory, or several")));
        for (const QString& name : made)
            QVERIFY2(listed.contains(name), qPrintable(name + QStringLiteral(" has no line in ") + list));
    }

private:
    static QString read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    static QStringList matches(const QString& text, const QString& pattern) {
        QStringList found;
        const QRegularExpression expression(pattern, QRegularExpression::MultilineOption);
        for (auto it = expression.globalMatch(text); it.hasNext();)
            found << it.next().captured(1);
        return found;
    }
};

QTEST_GUILESS_MAIN(RegistriesTest)
#include "tst_registries.moc"
