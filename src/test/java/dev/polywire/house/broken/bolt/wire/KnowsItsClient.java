package dev.polywire.house.broken.bolt.wire;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.bolt.client.ReadsBson;

@Breaks("wire")
public interface KnowsItsClient {

    ReadsBson client();
}
