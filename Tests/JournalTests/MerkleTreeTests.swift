import Testing

@testable import Journal

/// RFC 6962 with the vectors of the Certificate Transparency reference implementation.
@Suite struct MerkleTreeTests {
    /// Leaves and roots of trees of 1 … 8 leaves, from certificate-transparency's merkle tree tests.
    static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ]
    static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static let leaves = entries.map { MerkleTree.leafHash($0) }

    @Test func emptyTreeHashesNothing() {
        #expect(
            MerkleTree.emptyRoot.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(MerkleFrontier().root == MerkleTree.emptyRoot)
    }

    @Test(arguments: 1...8) func knownRoots(size: Int) {
        #expect(MerkleTree.root(of: Self.leaves.prefix(size)).hex == Self.roots[size - 1])
    }

    /// RFC 6962 §2.1, written down as it stands there: the reference for everything faster.
    static func reference(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        if leaves.isEmpty { return MerkleTree.emptyRoot }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleTree.nodeHash(reference(leaves[..<middle]), reference(leaves[middle...]))
    }

    static func manyLeaves(_ count: Int) -> [MerkleHash] {
        (0..<count).map { MerkleTree.leafHash(Array("entry \($0)".utf8)) }
    }

    /// One hash over a run of leaves, as the store makes it from complete subtrees.
    static func hash(_ leaves: [MerkleHash], over run: Range<UInt64>) -> MerkleHash {
        MerkleSubtree.fold(
            MerkleSubtree.covering(run).map { subtree in
                let start = Int(subtree.index) << subtree.height
                return MerkleTree.completeSubtree(Array(leaves[start..<(start + 1 << subtree.height)]))
            })
    }

    @Test func frontierAgreesWithTheDefinition() {
        let leaves = Self.manyLeaves(600)
        var frontier = MerkleFrontier()
        var nodes: [MerkleFrontier.Node] = []
        for (index, leaf) in leaves.enumerated() {
            nodes += frontier.append(leaf)
            #expect(frontier.root == Self.reference(leaves[...index]))
        }
        // 600 leaves complete two runs of 256 and none of 65,536.
        #expect(nodes.map(\.index) == [0, 1])
        #expect(nodes.map(\.hash) == [Self.reference(leaves[0..<256]), Self.reference(leaves[256..<512])])
    }

    @Test func frontierCompletesTheSecondLevel() {
        var frontier = MerkleFrontier()
        let leaf = Self.leaves[0]
        var nodes: [MerkleFrontier.Node] = []
        for _ in 0..<65_536 { nodes += frontier.append(leaf) }
        #expect(nodes.count == 257)
        #expect(nodes.last == MerkleFrontier.Node(level: 2, index: 0, hash: frontier.root))
    }

    @Test func everyInclusionProofUpTo70() {
        let leaves = Self.manyLeaves(70)
        for size in 1...70 {
            let root = Self.reference(leaves[..<size])
            for index in 0..<size {
                let proof = MerkleProof.inclusion(index: UInt64(index), size: UInt64(size))
                    .map { Self.hash(leaves, over: $0) }
                func holds(_ leaf: MerkleHash, _ index: Int, _ size: Int, _ proof: [MerkleHash]) -> Bool {
                    MerkleTree.verifyInclusion(
                        of: leaf, index: UInt64(index), size: UInt64(size), proof: proof, root: root)
                }
                #expect(holds(leaves[index], index, size, proof))
                #expect(!holds(leaves[(index + 1) % 70], index, size, proof))
                #expect(!holds(leaves[index], index, size, proof + [root]))
                if !proof.isEmpty { #expect(!holds(leaves[index], index, size, Array(proof.dropLast()))) }
                if size > 1 { #expect(!holds(leaves[index], (index + 1) % size, size, proof)) }
            }
        }
    }

    @Test func everyConsistencyProofUpTo70() {
        let leaves = Self.manyLeaves(70)
        for newSize in 0...70 {
            for oldSize in 0...newSize {
                let oldRoot = Self.reference(leaves[..<oldSize])
                let newRoot = Self.reference(leaves[..<newSize])
                let proof = MerkleProof.consistency(oldSize: UInt64(oldSize), newSize: UInt64(newSize))
                    .map { Self.hash(leaves, over: $0) }
                func holds(_ oldRoot: MerkleHash, _ newRoot: MerkleHash, _ proof: [MerkleHash]) -> Bool {
                    MerkleTree.verifyConsistency(
                        oldSize: UInt64(oldSize), oldRoot: oldRoot, newSize: UInt64(newSize), newRoot: newRoot,
                        proof: proof)
                }
                #expect(holds(oldRoot, newRoot, proof), "\(oldSize) → \(newSize)")
                let other = leaves[0] == oldRoot ? leaves[1] : leaves[0]
                #expect(!holds(other, newRoot, proof))
                if oldSize > 0 { #expect(!holds(oldRoot, other, proof)) }
                #expect(!holds(oldRoot, newRoot, proof + [other]))
            }
        }
    }

    @Test func hashKeepsItsBytes() {
        let bytes = (0..<32).map { UInt8($0 * 7 & 0xff) }
        #expect(MerkleHash(bytes)?.bytes == bytes)
        #expect(MerkleHash(bytes.dropLast()) == nil)
    }
}
