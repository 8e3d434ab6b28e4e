import BackfillCore
import Testing

struct ByteCountTests {
  @Test(arguments: [
    (Int64(0), "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (24_536_678, "23.4 MiB"),
    (5 << 30, "5.0 GiB"), (3 << 40, "3.0 TiB"),
  ])
  func `a size is told in the largest unit that it fills`(bytes: Int64, text: String) {
    #expect(ByteCount.text(bytes) == text)
  }
}
