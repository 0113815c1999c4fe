extern "C" int lathe_sentencepiece_abi() { return 1; }
