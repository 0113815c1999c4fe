// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// NFC, NFD, NFKC, NFKD: Unicode's normal forms.
#include "text/normalizers/normalizer.h"
#include "text/unicode/normal_form.h"

namespace lathe::text::normalizers {
namespace {

class FormNormalizer final : public Normalizer {
public:
    explicit FormNormalizer(NormalForm form) : m_form(form) {}
    void normalize(AlignedText& text) const override { text::normalize(text, m_form); }

private:
    NormalForm m_form;
};

}  // namespace

Result<std::unique_ptr<Normalizer>> NFC(const ComponentSource&) {
    return std::make_unique<FormNormalizer>(NormalForm::Nfc);
}
Result<std::unique_ptr<Normalizer>> NFD(const ComponentSource&) {
    return std::make_unique<FormNormalizer>(NormalForm::Nfd);
}
Result<std::unique_ptr<Normalizer>> NFKC(const ComponentSource&) {
    return std::make_unique<FormNormalizer>(NormalForm::Nfkc);
}
Result<std::unique_ptr<Normalizer>> NFKD(const ComponentSource&) {
    return std::make_unique<FormNormalizer>(NormalForm::Nfkd);
}

}  // namespace lathe::text::normalizers
