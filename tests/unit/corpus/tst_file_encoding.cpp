// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings: short texts must be recognised, every text must come out as it went in, bad bytes must be seen.
#include <unicode/ucnv.h>

#include <QTest>

#include "core/utf8.h"
#include "corpus/detail/encoding.h"
#include "support/corpus_checks.h"
#include "support/temp_folder.h"

using namespace lathe;
using namespace lathe::corpus;
using namespace lathe::test;
using namespace lathe::corpus::detail;

namespace {

// By ICU's one-call interface, which the engine does not use.
std::string encoded(const std::string& text, const char* encoding) {
    UErrorCode status = U_ZERO_ERROR;
    std::string out(text.size() * 4 + 16, '\0');
    const auto size = ucnv_convert(encoding, "UTF-8", out.data(), static_cast<std::int32_t>(out.size()), text.data(),
                                   static_cast<std::int32_t>(text.size()), &status);
    if (U_FAILURE(status))
        qFatal("cannot encode");
    out.resize(static_cast<std::size_t>(size));
    return out;
}

const std::string kSimplified = "text,label\n送餐很快，味道也不错，下次还会再来,好评\n等了两个小时，菜都凉了,差评\n";
const std::string kTraditional = "text,label\n請問我的信用卡什麼時候會寄到,卡片\n轉帳還沒有收到，請幫忙查詢,轉帳\n";
const std::string kJapanese =
    "text,label\nカードがまだ届いていません。いつ届きますか,配送\n暗証番号を忘れました,認証\n";
const std::string kKorean =
    "text,label\n카드를 잃어버렸어요 어떻게 해야 하나요,분실\n송금이 아직 도착하지 않았습니다,송금\n";
const std::string kFrench =
    "texte;étiquette\nMa carte n’est pas encore arrivée, où est-elle ?;délai\nÇa coûte très cher à l’étranger;frais\n";

}  // namespace

class TestFileEncoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void detects_data();
    void detects();
    void detectsTheShortest_data();
    void detectsTheShortest();
    void cutCharactersDoNotConfuse();
    void plainAsciiAndBrokenUtf8();
    void streamsInPieces_data();
    void streamsInPieces();
    void badBytesAreMarked();
    void refusesUnknownNames();
};

void TestFileEncoding::detects_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("name");
    const auto add = [](const char* tag, const std::string& bytes, const char* name) {
        QTest::newRow(tag) << QByteArray::fromStdString(bytes) << QByteArray(name);
    };
    add("utf-8", kSimplified, "UTF-8");
    add("utf-8 with mark", "\xEF\xBB\xBF" + kSimplified, "UTF-8");
    add("gb18030", encoded(kSimplified, "GB18030"), "GB18030");
    add("gb18030, rare and 4-byte characters too", encoded(kSimplified + "㐀㐁𠀀喆,人名\n", "GB18030"), "GB18030");
    add("big5", encoded(kTraditional, "Big5"), "Big5");
    add("shift_jis", encoded(kJapanese, "Shift_JIS"), "Shift_JIS");
    add("euc-kr", encoded(kKorean, "EUC-KR"), "EUC-KR");
    add("windows-1252", encoded(kFrench, "windows-1252"), "windows-1252");
    for (const auto& [tag, text] : {std::pair{"chinese", kSimplified}, {"french", kFrench}, {"japanese", kJapanese}}) {
        add((std::string("utf-16le ") + tag).c_str(), encoded(text, "UTF-16LE"), "UTF-16LE");
        add((std::string("utf-16be ") + tag).c_str(), encoded(text, "UTF-16BE"), "UTF-16BE");
        add((std::string("utf-16le with mark ") + tag).c_str(), "\xFF\xFE" + encoded(text, "UTF-16LE"), "UTF-16LE");
        add((std::string("utf-16be with mark ") + tag).c_str(), "\xFE\xFF" + encoded(text, "UTF-16BE"), "UTF-16BE");
    }
    add("utf-16le, characters with a low byte of zero", encoded("一一一一开开,一\n一一\n", "UTF-16LE"), "UTF-16LE");
    add("utf-16be, characters with a low byte of zero", encoded("一一一一开开,一\n一一\n", "UTF-16BE"), "UTF-16BE");
}

void TestFileEncoding::detects() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, name);
    const auto guess = detectEncoding(bytes.toStdString());
    QCOMPARE(QByteArray::fromStdString(guess.name), name);
    QVERIFY(guess.confidence > 0.5 && guess.confidence <= 1);
}

void TestFileEncoding::detectsTheShortest_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    for (const char* text :
         {"很好吃", "太慢了，差评", "我的卡丢了", "味道不错", "服务态度不好", "今天天气很好", "银行卡丢失怎么办"})
        QTest::newRow(text) << QByteArray(text) << QByteArray("GB18030");
    for (const char* text :
         {"很好吃，謝謝你們", "我的信用卡不見了", "請問幾點開門", "轉帳失敗了怎麼辦", "服務態度很不好"})
        QTest::newRow(text) << QByteArray(text) << QByteArray("Big5");
    for (const char* text : {"ありがとうございます", "カードをなくしました", "とても美味しかったです"})
        QTest::newRow(text) << QByteArray(text) << QByteArray("Shift_JIS");
    for (const char* text : {"정말 맛있어요", "카드를 잃어버렸습니다", "감사합니다"})
        QTest::newRow(text) << QByteArray(text) << QByteArray("EUC-KR");
    for (const char* text : {"Das Essen war sehr gut, schöne Grüße", "C'était très bon", "¿Dónde está mi tarjeta?"})
        QTest::newRow(text) << QByteArray(text) << QByteArray("windows-1252");
}

void TestFileEncoding::detectsTheShortest() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    const auto guess = detectEncoding(encoded(text.toStdString() + "\n", name.constData()));
    QCOMPARE(QByteArray::fromStdString(guess.name), name);
}

void TestFileEncoding::cutCharactersDoNotConfuse() {
    for (const auto& [text, name] :
         {std::pair{kSimplified, "GB18030"}, {kTraditional, "Big5"}, {kSimplified, "UTF-8"}}) {
        const auto bytes = encoded(text, name);
        for (std::size_t size = bytes.size() - 12; size < bytes.size(); ++size)
            QCOMPARE(detectEncoding(bytes.substr(0, size)).name, std::string(name));
    }
}

void TestFileEncoding::plainAsciiAndBrokenUtf8() {
    QCOMPARE(detectEncoding("plain text\n").name, std::string("UTF-8"));
    const auto guess = detectEncoding(kSimplified + kSimplified + "\xE9\x80,x\n");
    QCOMPARE(guess.name, std::string("UTF-8"));
    QVERIFY(guess.confidence < 1);
    QCOMPARE(detectEncoding(std::string(4096, '\0')).confidence, 0.0);
}

void TestFileEncoding::streamsInPieces_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "UTF-32LE"})
        QTest::newRow(name) << QByteArray(name);
}

// Larger than the read buffer, with characters of every length, so that pieces end within characters.
void TestFileEncoding::streamsInPieces() {
    QFETCH(QByteArray, name);
    std::string text;
    for (int i = 0; text.size() < 900'000; ++i) {
        text.append(static_cast<std::size_t>(i % 7), 'x');
        text += "é中\xF0\x9F\x98\x80" + std::to_string(i) + "㐀\n";
    }
    const TempFolder folder;
    const auto file = folder.path() / "text";
    writeBytes(file, encoded("\xEF\xBB\xBF" + text, name.constData()));
    const auto stream = Utf8Stream::open(file, name.toStdString());
    VERIFY_OK(stream);
    std::string read;
    int pieces = 0;
    while ((*stream)->read(read).value())
        ++pieces;
    QVERIFY(pieces >= 3);
    QVERIFY(read == text);
    QCOMPARE((*stream)->bytesRead(), static_cast<std::int64_t>(std::filesystem::file_size(file)));
}

void TestFileEncoding::badBytesAreMarked() {
    const auto gb = convertToUtf8("\xC4\xE3\xFF\xBA\xC3\x81", "GB18030", true).value();
    QCOMPARE(countBadBytes(gb), std::size_t{2});
    QCOMPARE(firstBadByte(gb)->byte, static_cast<unsigned char>(0xFF));
    QCOMPARE(withoutBadBytes(gb), std::string("你\uFFFD好\uFFFD"));
    const auto utf = convertToUtf8("a\xC3(\xE4\xBD\xA0\xED\xA0\x80", "UTF-8", true).value();
    QCOMPARE(withoutBadBytes(utf), std::string("a\uFFFD(你\uFFFD\uFFFD\uFFFD"));
    QCOMPARE(firstBadByte(utf)->byte, static_cast<unsigned char>(0xC3));
    const auto odd = convertToUtf8(std::string("a\0b", 3), "UTF-16LE", true).value();
    QCOMPARE(countBadBytes(odd), std::size_t{1});
    const auto lone = convertToUtf8(std::string("\x00\xD8"
                                                "a\0",
                                                4),
                                    "UTF-16LE", true)
                          .value();
    QVERIFY(countBadBytes(lone) > 0);
    QVERIFY(!firstBadByte("a real \uFFFD is text"));
}

void TestFileEncoding::refusesUnknownNames() {
    const TempFolder folder;
    writeBytes(folder.path() / "f", "x");
    QCOMPARE(Utf8Stream::open(folder.path() / "f", "KLINGON-8").error().code, ErrorCode::InvalidInput);
    QCOMPARE(Utf8Stream::open(folder.path() / "none", "UTF-8").error().code, ErrorCode::NotFound);
    QCOMPARE(Utf8Stream::open(folder.path(), "UTF-8").error().code, ErrorCode::InvalidInput);
}

QTEST_GUILESS_MAIN(TestFileEncoding)
#include "tst_file_encoding.moc"
