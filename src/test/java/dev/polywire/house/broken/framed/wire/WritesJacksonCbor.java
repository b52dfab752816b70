package dev.polywire.house.broken.framed.wire;

import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import dev.polywire.house.Breaks;

@Breaks("Jackson CBOR")
interface WritesJacksonCbor {

    void write(CBORGenerator out);
}
