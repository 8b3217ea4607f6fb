//! Checkpoints: the same discipline as the model file's.

use crate::{altered, model};
use nn_data::Fingerprint;
use nn_io::{Best, Checkpoint, Error, Model};

fn checkpoint() -> Checkpoint {
    let model = model();
    let params = model.network.params().to_vec();
    let half: Vec<f32> = params.iter().map(|p| p / 2.0).collect();
    Checkpoint {
        model,
        moments: [params, half.clone()],
        step: 1 << 40,
        epoch: 5,
        best: Some(Best { accuracy: 0.875, loss: 0.5, epoch: 3, params: half, stats: vec![] }),
        recipe: r#"{"lr":0.1}"#.into(),
        data: [("training data".into(), Fingerprint { samples: 3, checksum: 4711 })].into(),
    }
}

#[test]
fn a_checkpoint_survives_the_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.ckpt");
    let plain = Checkpoint { moments: [vec![], vec![]], best: None, ..checkpoint() };
    for before in [checkpoint(), plain] {
        before.save(&path).unwrap();
        let after = Checkpoint::load(&path).unwrap();
        assert_eq!(after.model.to_bytes().unwrap(), before.model.to_bytes().unwrap());
        assert_eq!(after.moments, before.moments);
        assert_eq!((after.step, after.epoch), (before.step, before.epoch));
        assert_eq!(after.best, before.best);
        assert_eq!((&after.recipe, &after.data), (&before.recipe, &before.data));
        assert_eq!(after.to_bytes().unwrap(), std::fs::read(&path).unwrap());
    }
}

/// Files of both versions, which must load for ever; the first has no fingerprints.
#[test]
fn former_versions_load() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures");
    let now = checkpoint();
    if !folder.join("v2.checkpoint").exists() {
        now.save(&folder.join("v2.checkpoint")).unwrap();
        panic!("the fixture of version 2 was missing and is written now: commit it");
    }
    for (name, data) in [("v1.checkpoint", [].into()), ("v2.checkpoint", now.data.clone())] {
        let old = Checkpoint::load(&folder.join(name)).unwrap();
        assert_eq!(old.model.to_bytes().unwrap(), now.model.to_bytes().unwrap());
        assert_eq!((&old.moments, old.step, old.epoch), (&now.moments, now.step, now.epoch));
        assert_eq!((&old.best, &old.recipe, &old.data), (&now.best, &now.recipe, &data));
    }
    let newest = std::fs::read(folder.join("v2.checkpoint")).unwrap();
    assert_eq!(now.to_bytes().unwrap(), newest, "a fixture is written once and never again");
}

#[test]
fn damage_is_found() {
    let file = checkpoint().to_bytes().unwrap();
    let mut bytes = file.clone();
    for at in 0..file.len() {
        assert!(Checkpoint::from_bytes(&file[..at]).is_err(), "cut to {at} bytes");
        bytes[at] ^= 0x10;
        assert!(Checkpoint::from_bytes(&bytes).is_err(), "byte {at} altered");
        bytes[at] = file[at];
    }
    assert!(Checkpoint::from_bytes(&[&file[..], b"x"].concat()).is_err());
}

#[test]
fn a_checkpoint_is_no_model_and_a_model_no_checkpoint() {
    let checkpoint = checkpoint();
    let as_model = Model::from_bytes(&checkpoint.to_bytes().unwrap()).unwrap_err();
    assert_eq!(as_model.to_string(), "not a barnacle-model file");
    let as_checkpoint = Checkpoint::from_bytes(&checkpoint.model.to_bytes().unwrap()).unwrap_err();
    assert_eq!(as_checkpoint.to_string(), "not a barnacle-checkpoint file");
}

#[test]
fn parts_must_belong_to_the_model() {
    let best = checkpoint().best.unwrap();
    let wrong = [
        Checkpoint { moments: [vec![0.5], vec![]], ..checkpoint() },
        Checkpoint { moments: [vec![], vec![f32::NAN]], ..checkpoint() },
        Checkpoint { best: Some(Best { params: vec![], ..best.clone() }), ..checkpoint() },
        Checkpoint { best: Some(Best { stats: vec![1.0], ..best.clone() }), ..checkpoint() },
        Checkpoint { best: Some(Best { accuracy: f64::NAN, ..best }), ..checkpoint() },
    ];
    for (number, checkpoint) in wrong.iter().enumerate() {
        assert!(matches!(checkpoint.to_bytes(), Err(Error::Invalid(_))), "{number}");
    }
    let file = checkpoint().to_bytes().unwrap();
    let newer = altered(&file, b"\xa7version\x02", b"\xa7version\x03");
    assert!(matches!(Checkpoint::from_bytes(&newer), Err(Error::Newer { found: 3, known: 2 })));
    let fewer = altered(&file, b"\xadsecond_moment\xc4", b"\xadsecond_moment\xc4\x04\0\0\0\0\xa1x\xc4");
    assert!(matches!(Checkpoint::from_bytes(&fewer), Err(Error::Invalid(_))));
}
