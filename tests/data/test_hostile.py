"""Files that mean harm: nothing in them is run, waited for or believed, and nothing outside them is read."""

import io
import os
import warnings
import zipfile

import datasets
import numpy as np
import pytest
from PIL import EpsImagePlugin, Image, ImageFile

import gansmith
from gansmith.cli.main import main
from gansmith.data import Source, archives, open_dataset, room
from gansmith.data.tables import content_of
from gansmith.errors import GansmithError
from gansmith.memory import available

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n%%EOF\n"


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def lying(shape, follows=40, dtype="<f4"):
    """Return a .npy whose header promises more than follows."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue() + bytes(follows)


@pytest.fixture
def packed(tmp_path):
    def path_of(name="x.npy", content=b"", **more):
        with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            for where, what in {name: content, **more}.items():
                archive.writestr(where, what)
        return tmp_path / "a.npz"

    return path_of


def test_an_eps_called_png_starts_no_ghostscript(folder, monkeypatch):
    """Before, it did."""

    def started(*_, **__):
        raise AssertionError("Ghostscript was started")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", started)
    (folder / "cat" / "00.png").write_bytes(EPS)
    with pytest.warns(UserWarning, match=r"skipped 1 of 12 images of pets: unreadable, first 00\.png"):
        assert len(open_dataset(Source(str(folder))).samples) == 11


def test_a_pipe_is_not_waited_for(folder, tmp_path):
    os.mkfifo(folder / "cat" / "pipe.png")
    os.mkfifo(folder / "cat" / "pipe")
    dataset = open_dataset(Source(str(folder)))
    assert len(dataset.samples) == 12 and dataset.notes == ["passed over: 2 no regular files"]
    for name in ("a.npz", "a.npy", "a.parquet"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(GansmithError, match="no built-in set, file or folder of that name"):
            open_dataset(Source(str(tmp_path / name)))


def test_an_encrypted_archive_is_one_line(packed):
    path = packed(content=npy(np.zeros((5, 2))))
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\3\4") + 6] |= 1  # bit 0 of the general purpose flags, in both headers
    content[content.find(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(GansmithError, match="x is encrypted: save it without a password"):
        open_dataset(Source(str(path)))


@pytest.mark.parametrize("shape", [(10**13,), (10**6, 10**6), (2**40, 2**40), (11,), (9,)])
def test_an_array_that_lies_about_its_size_is_not_believed(packed, tmp_path, shape):
    with pytest.raises(GansmithError, match=r"not a readable array file \(x says it holds [\d,]+ bytes, and there are"):
        open_dataset(Source(str(packed(content=lying(shape)))))
    (tmp_path / "b.npy").write_bytes(lying(shape))
    if shape not in ((9,), (2**40, 2**40)):
        with pytest.raises(GansmithError, match="not a readable array file"):
            open_dataset(Source(str(tmp_path / "b.npy")))


@pytest.mark.parametrize("count", [10**9, 10**14])
def test_words_of_no_bytes_are_not_counted_without_end(packed, pixels, count):
    """NPY 1.0 allows a descr of <U0, any number of which take no room. Before, memory ran out, with a traceback."""
    path = packed("x.npy", npy(pixels), **{"y.npy": lying((count,), 0, "<U0")})
    with pytest.raises(GansmithError, match=r"not a readable array file \(numbers of no bytes, <U0\)"):
        open_dataset(Source(str(path)))


def test_what_does_not_fit_into_memory_is_told_before_it_is_read(packed, monkeypatch):
    path = packed(content=npy(np.zeros((1000, 1000), np.float32)))  # 4 MB that take 4 kB in the file
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(room, "available", lambda: 10**6)
    monkeypatch.setattr(archives.npy, "read_array", None)
    with pytest.raises(GansmithError, match=r"x takes 0\.0 GiB, and 0\.0 are free: save it as \.npy"):
        open_dataset(Source(str(path)))
    assert 2**20 < available() < 2**50


@pytest.mark.parametrize("content", [b"", b"no array", npy(np.zeros(3))[:20], b"\x93NUMPY\x09\x09" + bytes(100)])
def test_members_that_are_no_arrays_are_one_line(packed, content):
    with pytest.raises(GansmithError, match="not a readable array file"):
        open_dataset(Source(str(packed(content=content))))


def test_a_member_that_nobody_asks_for_is_not_read(packed, pixels):
    path = packed("images.npy", npy(pixels), **{"other.npy": lying((10**13,))})
    assert len(open_dataset(Source(str(path), image_column="images")).samples) == 12


def test_two_members_of_one_name_are_refused(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
            for value in (0, 1):
                archive.writestr("x.npy", npy(np.full((5, 2), value)))
    with pytest.raises(GansmithError, match="two of its arrays have one name"):
        open_dataset(Source(str(tmp_path / "a.npz")))


@pytest.mark.usefixtures("cache")
class TestTables:
    """Parquet files."""

    def written(self, path, cells, **more):
        features = {"image": {"bytes": datasets.Value("binary"), "path": datasets.Value("string")}}
        features |= {name: datasets.Value("int64") for name in more}
        path.parent.mkdir(parents=True, exist_ok=True)
        datasets.Dataset.from_dict({"image": cells, **more}, datasets.Features(features)).to_parquet(path)
        return path

    @pytest.mark.parametrize("where", ["/etc/passwd", "../secret.png", "link.png"])
    @pytest.mark.parametrize("via", ["file", "hub"])
    def test_paths_that_lead_out_of_the_folder_are_refused(self, tmp_path, pixels, encode, where, via):
        """Before, a picture of this machine's became part of the data."""
        (tmp_path / "secret.png").write_bytes(encode(pixels[0]))
        path = self.written(tmp_path / "set" / "a.parquet", [{"bytes": None, "path": where}] * 3)
        (tmp_path / "set" / "link.png").symlink_to(tmp_path / "secret.png")
        name = str(path) if via == "file" else f"hub:{path.parent}"
        with pytest.raises(GansmithError, match=r"column 'image' names .*, which is not in .*own folder alone"):
            open_dataset(Source(name))

    def test_paths_inside_and_names_of_what_is_there_are_fine(self, tmp_path, pixels, encode):
        (tmp_path / "set" / "in").mkdir(parents=True)
        (tmp_path / "set" / "in" / "a.png").write_bytes(encode(pixels[0]))
        cells = [{"bytes": None, "path": "in/a.png"}, {"bytes": encode(pixels[0]), "path": "/etc/passwd"}]
        samples = open_dataset(Source(str(self.written(tmp_path / "set" / "a.parquet", cells)))).samples
        assert len(samples) == 2 and np.array_equal(samples[0], samples[1])

    def test_one_replaced_in_place_with_the_same_time_and_size_is_read_anew(self, tmp_path, pixels, encode):
        """Before, the copy in the cache was taken for it."""
        seen = []
        for shade in (10, 200):
            flat = encode(np.full((8, 8), shade, np.uint8), "BMP")
            path = self.written(tmp_path / "a.parquet", [{"bytes": flat, "path": None}] * 4)
            os.utime(path, (10**9, 10**9))
            seen.append((path.stat().st_size, int(open_dataset(Source(str(path))).samples[0, 0, 0, 0])))
        assert seen[0][1:] + seen[1][1:] == (10, 200)
        assert content_of(path) == content_of(path)


@pytest.mark.parametrize("out", ["pets/run", "pets/cat/deep/run", "pets"])
def test_a_run_is_not_written_into_its_data(folder, monkeypatch, out):
    monkeypatch.chdir(folder.parent)
    before = sorted(folder.rglob("*"))
    with pytest.raises(GansmithError, match=f"--out {out}: lies in --data pets, and would become part of it"):
        gansmith.train("dcgan", data="pets", out=out, steps=1, quiet=True)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("preview", ["pets/p.png", "pets/cat/new/p.png", "link/p.png"])
def test_a_preview_is_not_written_into_its_data(folder, monkeypatch, capsys, preview):
    """Before, it became one of the pictures."""
    monkeypatch.chdir(folder.parent)
    (folder.parent / "link").symlink_to(folder)
    before = sorted(folder.rglob("*"))
    assert main(["data", "pets", "--preview", preview]) == 2
    assert f"--preview {preview}: lies in --data pets, and would become part of it" in capsys.readouterr().err
    assert main(["data", "pets", "--preview", "."]) == 2
    assert "--preview .: is a folder: name a picture in it, FILE.png" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_names_that_steer_a_terminal_are_written_out(folder, capsys):
    """Before, a folder's name could clear the screen, and write lines of its own into the sheet."""
    (folder / "dog").rename(folder / "\x1b[2Jdog\nclasses: none")
    (folder / "cat" / "x\n.png").write_bytes(b"broken")
    (folder / "cat" / "y.\x1b[31m").write_bytes(b"none")
    with pytest.warns(UserWarning, match=r"first x\\n\.png"):
        assert open_dataset(Source(str(folder))).label_names == [r"\x1b[2Jdog\nclasses: none", "cat"]
    main(["data", str(folder)])
    told = capsys.readouterr()
    assert "\x1b" not in told.out + told.err and r"1 no pictures (.\x1b[31m)" in told.out


@pytest.mark.parametrize("error", [TypeError, KeyError, ZeroDivisionError, OSError, SyntaxError])
def test_what_a_decoder_stumbles_over_is_one_unreadable_picture(tmp_path, monkeypatch, error):
    """Damaged files end in any of these, deep inside Pillow."""
    for i, side in enumerate((8, 8, 9, 8)):
        Image.new("L", (side, side), 10 * i).save(tmp_path / f"{i}.png")
    load = ImageFile.ImageFile.load

    def damaged(image):
        if image.size == (9, 9):
            raise error("deep inside")
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", damaged)
    with pytest.warns(UserWarning, match=r"skipped 1 of 4 images .* first 2\.png"):
        dataset = open_dataset(Source(str(tmp_path), image_size=8))
    assert len(dataset.samples) == 3
