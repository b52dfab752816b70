package dev.polywire.house.broken.mongodb.service;

import dev.polywire.house.Breaks;
import io.airlift.compress.Compressor;

@Breaks("aircompressor")
final class PacksItself {

    Compressor compressor() {
        return null;
    }
}
