// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Folders of the older tokenizer files against what Transformers' AutoTokenizer makes of them, and what is refused.
#include <QTest>

#include <filesystem>

#include "core/files.h"
#include "core/json.h"
#include "support/temp_folder.h"
#include "text/conventions/convention.h"
#include "text/token_verify.h"
#include "text/tokenizer.h"

using namespace lathe;
using namespace lathe::text;
namespace fs = std::filesystem;

namespace {

fs::path goldenFolder(const QString& name) {
    return fs::path(LATHE_TEST_DATA) / "golden" / "tokenizers" / name.toStdString();
}

/// A copy whose tokenizer_config.json says \p changes besides.
void copyWith(const QString& name, const fs::path& folder, const Json& changes) {
    fs::copy(goldenFolder(name), folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    Json config = Json::object();
    if (fs::exists(folder / "tokenizer_config.json"))
        config = *readJsonFile(folder / "tokenizer_config.json");
    config.update(changes);
    if (!writeJsonFile(folder / "tokenizer_config.json", config))
        qFatal("the copy could not be written");
}

}  // namespace

class TestOlderTokenizers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void same_data();
    void same();
    void everyConventionHasACase();
    void theClassCountsMoreThanTheModel();
    void flagsChangeTheFrame();
    void splitSpecialTokensForgesNothing();
    void copiesAreEqual_data();
    void copiesAreEqual();
    void refused_data();
    void refused();
};

void TestOlderTokenizers::same_data() {
    QTest::addColumn<QString>("folder");
    for (const char* name : {"albert", "bart", "deberta-v2", "gemma", "gpt-neox", "gpt2", "llama", "llama-legacy",
                             "mbart", "qwen2", "roberta", "t5", "xlm-roberta"})
        QTest::newRow(name) << QStringLiteral("older-") + QString::fromUtf8(name);
}

void TestOlderTokenizers::same() {
    QFETCH(QString, folder);
    const auto outcome = verifyTokenizer(goldenFolder(folder));
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QVERIFY2(outcome->status == VerifyStatus::Ok, outcome->message.c_str());
}

void TestOlderTokenizers::everyConventionHasACase() {
    QVERIFY(conventions().size() >= 11);
    for (const Convention& convention : conventions()) {
        QVERIFY(!convention.classes.empty() && !convention.models.empty());
        const QString prefix = QStringLiteral("older-") + QString::fromUtf8(convention.id);
        bool found = false;
        for (const auto& entry : fs::directory_iterator(goldenFolder(QString())))
            found = found || QString::fromStdString(entry.path().filename().string()).startsWith(prefix);
        QVERIFY2(found, convention.id);
    }
}

void TestOlderTokenizers::theClassCountsMoreThanTheModel() {
    // A RoBERTa class over a model of type gpt2: framed by <s> and </s>.
    const test::TempFolder folder;
    copyWith(QStringLiteral("older-gpt2"), folder.path(), {{"tokenizer_class", "RobertaTokenizerFast"}});
    QVERIFY(writeFileAtomically(folder.path() / "config.json", R"({"model_type": "gpt2"})"));
    const auto tokenizer = loadTokenizer(folder.path());
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    const Encoding encoding = (*tokenizer)->encode("card");
    QCOMPARE((*tokenizer)->token(encoding.ids.front()), std::string("<s>"));
    QCOMPARE((*tokenizer)->token(encoding.ids.back()), std::string("</s>"));
}

void TestOlderTokenizers::flagsChangeTheFrame() {
    const test::TempFolder folder;
    copyWith(QStringLiteral("older-llama"), folder.path(),
             {{"add_bos_token", false}, {"add_eos_token", true}, {"add_prefix_space", false}});
    const auto tokenizer = loadTokenizer(folder.path());
    QVERIFY(tokenizer);
    const Encoding encoding = (*tokenizer)->encode("card");
    QVERIFY(!(*tokenizer)->token(encoding.ids.front()).starts_with("\u2581"));
    QVERIFY(encoding.ids.front() != (*tokenizer)->special().bos);
    QCOMPARE(encoding.ids.back(), (*tokenizer)->special().eos);
    QCOMPARE((*tokenizer)->decode(encoding.ids), std::string("card"));
}

void TestOlderTokenizers::splitSpecialTokensForgesNothing() {
    for (const bool split : {false, true}) {
        const test::TempFolder folder;
        copyWith(QStringLiteral("older-llama"), folder.path(), {{"split_special_tokens", split}});
        const auto tokenizer = loadTokenizer(folder.path());
        QVERIFY(tokenizer);
        const Encoding encoding = (*tokenizer)->encode("a</s>b", false);
        const bool forged = std::ranges::find(encoding.ids, (*tokenizer)->special().eos) != encoding.ids.end();
        QCOMPARE(forged, !split);
    }
}

void TestOlderTokenizers::copiesAreEqual_data() {
    QTest::addColumn<QString>("folder");
    for (const char* name : {"older-t5", "older-xlm-roberta", "older-deberta-v2", "older-roberta", "older-llama"})
        QTest::newRow(name) << QString::fromUtf8(name);
}

void TestOlderTokenizers::copiesAreEqual() {
    QFETCH(QString, folder);
    const test::TempFolder from;
    const test::TempFolder to;
    fs::copy(goldenFolder(folder), from.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    QVERIFY(writeFileAtomically(from.path() / "chat_template.jinja", "{{ messages }}\n"));
    QVERIFY(writeFileAtomically(from.path() / "chat_template.json", "{\"chat_template\":  \"x\"}"));
    fs::create_directory(from.path() / "additional_chat_templates");
    QVERIFY(writeFileAtomically(from.path() / "additional_chat_templates" / "rag.jinja", "\r\n{{ documents }}"));
    const auto tokenizer = loadTokenizer(from.path());
    QVERIFY2(tokenizer, tokenizer ? "" : tokenizer.error().message.c_str());
    QVERIFY((*tokenizer)->save(to.path() / "copy"));
    int compared = 0;
    for (const auto& entry : fs::recursive_directory_iterator(from.path())) {
        const fs::path name = fs::relative(entry.path(), from.path());
        if (!entry.is_regular_file() || name == "golden.json")
            continue;
        if (name == "config.json") {  // the model's, not the tokenizer's
            QVERIFY(!fs::exists(to.path() / "copy" / name));
            continue;
        }
        ++compared;
        const auto copied = readFile(to.path() / "copy" / name, 64 << 20);
        QVERIFY2(copied, name.c_str());
        QVERIFY2(*readFile(entry.path(), 64 << 20) == *copied, name.c_str());
    }
    QVERIFY(compared >= 4);
}

void TestOlderTokenizers::refused_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("content");  // "" removes the file
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* name, const char* folder, const char* file, const char* content, ErrorCode code,
                        const char* named) {
        QTest::newRow(name) << QString::fromUtf8(folder) << QString::fromUtf8(file) << QByteArray(content) << int(code)
                            << QString::fromUtf8(named);
    };
    row("unknown class", "older-gpt2", "tokenizer_config.json", R"({"tokenizer_class": "WhisperTokenizer"})",
        ErrorCode::Unsupported, "WhisperTokenizer");
    row("nobody says whose", "older-gpt2", "tokenizer_config.json", "", ErrorCode::Unsupported, "tokenizer_class");
    row("no merges", "older-gpt2", "merges.txt", "", ErrorCode::NotFound, "merges.txt");
    row("a merge of three", "older-gpt2", "merges.txt", "#version: 0.2\na b c\n", ErrorCode::Parse, "line 2");
    row("a merge of nothing", "older-gpt2", "merges.txt", "zzz qqq\n", ErrorCode::InvalidInput, "zzz");
    row("no vocabulary", "older-gpt2", "vocab.json", "{", ErrorCode::Parse, "vocab.json");
    row("a token without an id", "older-gpt2", "vocab.json", R"({"a": "b"})", ErrorCode::InvalidInput, "vocab.json");
    row("an id far away", "older-gpt2", "vocab.json", R"({"a": 99999999999})", ErrorCode::InvalidInput, "vocab.json");
    row("sentinels without end", "older-t5", "tokenizer_config.json", R"({"extra_ids": 2000000000})",
        ErrorCode::InvalidInput, "extra_ids");
    row("no such language", "older-mbart", "tokenizer_config.json",
        R"({"tokenizer_class": "MBartTokenizer", "src_lang": "xx_YY"})", ErrorCode::InvalidInput, "xx_YY");
    row("an added token far away", "older-llama", "tokenizer_config.json",
        R"({"tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {"9999999": {"content": "<x>"}}})",
        ErrorCode::InvalidInput, "<x>");
}

void TestOlderTokenizers::refused() {
    QFETCH(QString, folder);
    QFETCH(QString, file);
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, named);
    const test::TempFolder copy;
    fs::copy(goldenFolder(folder), copy.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    if (content.isEmpty())
        fs::remove(copy.path() / file.toStdString());
    else
        QVERIFY(writeFileAtomically(copy.path() / file.toStdString(), content.toStdString()));
    const auto tokenizer = loadTokenizer(copy.path());
    QVERIFY(!tokenizer);
    QVERIFY2(int(tokenizer.error().code) == code, tokenizer.error().message.c_str());
    QVERIFY2(tokenizer.error().message.find(named.toStdString()) != std::string::npos,
             tokenizer.error().message.c_str());
}

QTEST_GUILESS_MAIN(TestOlderTokenizers)
#include "tst_older_tokenizers.moc"
